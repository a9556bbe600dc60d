"""Creating tasks in bulk from 64 workers on a service that answers after 50 ms: tasks per second.

Beside raw urllib3 in as many threads, which creates the same tasks and keeps no journal. With
``--memory N`` instead: the memory of the process between row 1,000 and row N.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import urllib3
from _contest import KEY, Turn, arguments, connect, contest, headers, resident, show
from _servers import delayed_service

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.wire.server import Reply, Request, Server

WORKERS = 64
SECONDS = 0.05
PARAMETERS: dict[str, Any] = {
    "project": "parcels",
    "attachment": "https://img.example.net/a17.jpg",
    "geometries": {"box": {"objects_to_annotate": ["parcel"], "min_width": 5}},
}


def rate(count: int, begun: float) -> dict[str, float]:
    return {"rate": count / (time.perf_counter() - begun)}


def raw(url: str, ca: str, count: str) -> Turn:
    manager = urllib3.PoolManager(ca_certs=ca, maxsize=WORKERS)
    fields = {**headers(), "Content-Type": "application/json"}
    pool = ThreadPoolExecutor(WORKERS)

    def create(number: int) -> object:
        body = json.dumps({**PARAMETERS, "unique_id": f"scan-{number}"})
        answer = manager.request("POST", f"{url}/task/imageannotation", body=body, headers=fields)
        assert answer.status == 200
        return json.loads(answer.data)

    def turn() -> dict[str, float]:
        begun = time.perf_counter()
        assert len(list(pool.map(create, range(int(count))))) == int(count)
        return rate(int(count), begun)

    return turn


def client(url: str, ca: str, count: str, journal: str = "") -> Turn:
    scale = connect(url, ca)
    turns = itertools.count()
    folder = tempfile.TemporaryDirectory()

    def turn() -> dict[str, float]:
        begun = time.perf_counter()
        result = scale.create_tasks(
            "imageannotation",
            ({"id": number} for number in range(int(count))),
            defaults=PARAMETERS,
            unique_id="scan-{id}",
            workers=WORKERS,
            progress=False,
            journal=Path(folder.name) / str(next(turns)) if journal else None,
        )
        assert len(result.created) == int(count), result
        return rate(int(count), begun)

    return turn


def journaled(url: str, ca: str, count: str) -> Turn:
    return client(url, ca, count, "with a journal")


def memory(count: int) -> int:
    """Print the memory of this process; more than 20 MB of growth is a failure."""

    def rows() -> Iterator[dict[str, Any]]:
        return ({"id": number} for number in range(count))

    body = json.dumps({"task_id": "65f0a1b2c3d4e5f60718293a", "type": "imageannotation"}).encode()

    def service(request: Request) -> Reply:
        server.requests.clear()
        server.applied.clear()
        return Reply(body)

    from scaleapi import ScaleClient

    with (
        Server(service) as server,
        ScaleClient(KEY, api_instance_url=server.url) as scale,
        tempfile.TemporaryDirectory() as folder,
    ):
        begun, first = time.monotonic(), 0.0
        for done, outcome in enumerate(
            scale.iter_create_tasks(
                "imageannotation",
                rows(),
                defaults=PARAMETERS,
                unique_id="scan-{id}",
                journal=f"{folder}/journal",
                progress=False,
            ),
            1,
        ):
            assert outcome.task is not None
            if done == 1000:
                first = resident()
            if done in {1000, count} or done % max(1, count // 10) == 0:
                print(f"  row {done:9,}: {resident():.1f} MB", flush=True)
        grown = resident() - first
    print(f"  {grown:.1f} MB more at the end, {time.monotonic() - begun:.0f} s")
    return int(grown > 20.0)


def main() -> int:
    if "--memory" in sys.argv:
        return memory(int(sys.argv[-1]))
    options = arguments({"raw": raw, "client": client, "journaled": journaled})
    count, turns = (128, 1) if options.short else (1280, 5)
    contenders = {"raw urllib3": "raw", "with a journal": "journaled"}
    with delayed_service(SECONDS) as words:
        results = contest(turns, *words, str(count), raw=contenders, released=False)
    print(f"(with no work at all on either side it would be {WORKERS / SECONDS:.0f} per second)")
    show(f"Creating tasks in bulk with {WORKERS} workers, per second", results, "rate", "/s")
    show("The same, client CPU per task", results, "cpu", "us", 1e6 / count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
