"""A Scale service with as many tasks as told, a minute apart, that takes a while over each page.

Its pages are made before, so that it costs its machine little.

    python _task_service.py TASKS BOXES DELAY

It prints its port and runs until its standard input is closed.
"""

from __future__ import annotations

import json
import sys
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.wire.server import Reply, Request, Server, after, delay

FIRST = datetime(2020, 1, 1, tzinfo=timezone.utc)
BOX = {
    "type": "box",
    "label": "parcel",
    "left": 103.25,
    "top": 41.5,
    "width": 66.0,
    "height": 120.75,
    "attributes": {"damaged": "No"},
}


def task(number: int, boxes: int) -> dict[str, object]:
    """Return a completed task."""
    created = (FIRST + number * timedelta(minutes=1)).isoformat(timespec="milliseconds")
    uuids = [f"{number:08x}-0000-4111-8222-{one:012x}" for one in range(boxes)]
    return {
        "task_id": f"{number:024x}",
        "type": "imageannotation",
        "status": "completed",
        "created_at": created.replace("+00:00", "Z"),
        "updated_at": created.replace("+00:00", "Z"),
        "project": "parcels",
        "unique_id": f"scan-{number}",
        "params": {"attachment": f"https://img.example.net/{number}.jpg"},
        "metadata": {"line": "A", "shift": 2},
        "response": {"annotations": [{**BOX, "uuid": uuid} for uuid in uuids]},
    }


class TaskPages:
    """The list, newest first.

    Args:
        tasks: How many tasks it has.
        boxes: How many annotations each has.
    """

    def __init__(self, tasks: int, boxes: int) -> None:
        made = [task(number, boxes) for number in range(tasks)]
        self._times = [str(one["created_at"]) for one in made]
        self._bodies = [json.dumps(one).encode() for one in reversed(made)]

    def __call__(self, request: Request) -> Reply:
        """Return a page."""
        query, count = request.query, len(self._times)
        limit = int(query.get("limit", ["100"])[0])
        low = bisect_left(self._times, query["start_time"][0]) if "start_time" in query else 0
        high = bisect_right(self._times, query["end_time"][0]) if "end_time" in query else count
        start = int(query["next_token"][0]) if "next_token" in query else count - high
        end = min(start + limit, count - low)
        head = {"total": high - low, "limit": limit, "has_more": end < count - low}
        text = json.dumps({**head, "next_token": str(end)}).encode()
        return Reply(text[:-1] + b', "docs": [' + b",".join(self._bodies[start:end]) + b"]}")


def serve(tasks: int, boxes: int, seconds: float) -> None:
    """Serve until standard input is closed."""
    with Server(TaskPages(tasks, boxes), default=after(delay(seconds))) as server:
        print(server.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
