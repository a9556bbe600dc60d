"""A Scale service that has a list of tasks, whose creation times a test can choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.wire.server import Reply, Request

DAY = datetime(2026, 1, 5, 10, tzinfo=timezone.utc)


def stamp(time: datetime) -> str:
    """Return a time as the service writes it."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def task(number: int, created: datetime, **fields: Any) -> dict[str, Any]:
    """Return a completed task."""
    return {
        "task_id": f"{number:024x}",
        "type": "imageannotation",
        "status": "completed",
        "created_at": stamp(created),
        "updated_at": stamp(created),
        "project": "parcels",
        "params": {"attachment": f"https://img.example.net/{number}.jpg"},
        "metadata": {"number": number},
        **fields,
    }


def spread(count: int, step: timedelta = timedelta(minutes=1)) -> list[dict[str, Any]]:
    """Return tasks that were created one after the other."""
    return [task(number, DAY + number * step) for number in range(count)]


class TaskList:
    """The service.

    Args:
        tasks: Its tasks, in any order.
        inclusive: Whether a task at the end of a range of times is in it: nobody knows.
        files: What is behind links to it, by path.

    Attributes:
        tasks: Its tasks; a test may change them.
        before_page: Called before each page with more than one task, with the request's number.
        before_count: Called before each other request to the list.
        before_list: Takes the tasks that match a query and returns those to list.
        queries: The queries of all requests to the list, as they came.
        downloads: The paths of all other requests.
    """

    def __init__(
        self,
        tasks: Iterable[dict[str, Any]] = (),
        *,
        inclusive: bool = True,
        files: dict[str, Reply] | None = None,
    ) -> None:
        self.tasks = list(tasks)
        self.inclusive = inclusive
        self.files = files or {}
        self.queries: list[dict[str, list[str]]] = []
        self.downloads: list[str] = []
        self.before_page: Callable[[int], object] = lambda number: None
        self.before_count = self.before_page
        self.before_list: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list
        self.lost: set[str] = set()

    @property
    def pages(self) -> int:
        """How many pages were read, without counts."""
        return sum(query["limit"] != ["1"] for query in self.queries if "limit" in query)

    def __call__(self, request: Request) -> Reply:
        """Respond to a request."""
        if "/projects/" in request.path:
            return Reply({"name": request.path.rpartition("/")[2], "type": "imageannotation"})
        if "/task/" in request.path:
            wanted = request.path.rpartition("/")[2]
            found = [one for one in self.tasks if one["task_id"] == wanted]
            return Reply(found[0]) if found else Reply({"error": "No such task."}, 404)
        if not request.path.endswith("/tasks"):
            self.downloads.append(request.path)
            return self.files.get(request.path, Reply({"error": "No such file."}, 404))
        query = request.query
        self.queries.append(query)
        limit = int(query.get("limit", ["100"])[0])
        if limit > 1:
            self.before_page(len(self.queries))
        else:
            self.before_count(len(self.queries))
        found = self.before_list([one for one in self._sorted() if self._matches(one, query)])
        start = 0
        if "next_token" in query:
            created_at, _, task_id = query["next_token"][0].partition(" ")
            start = sum(
                (one["created_at"], one["task_id"]) >= (created_at, task_id) for one in found
            )
        page = [one for one in found[start : start + limit] if one["task_id"] not in self.lost]
        rest = found[start + limit :]
        body: dict[str, Any] = {
            "docs": page,
            "total": len(found),
            "limit": limit,
            "offset": 0,
            "has_more": bool(rest),
        }
        if rest:
            last = found[start + limit - 1]
            body["next_token"] = f"{last['created_at']} {last['task_id']}"
        return Reply(body)

    def _sorted(self) -> list[dict[str, Any]]:
        return sorted(self.tasks, key=lambda one: (one["created_at"], one["task_id"]), reverse=True)

    def _matches(self, one: dict[str, Any], query: dict[str, list[str]]) -> bool:
        for name, field, is_start in (
            ("start_time", "created_at", True),
            ("end_time", "created_at", False),
            ("updated_after", "updated_at", True),
            ("updated_before", "updated_at", False),
        ):
            if name not in query:
                continue
            bound, value = query[name][0], one[field]
            if value == bound and not self.inclusive:
                return False
            if (value < bound) if is_start else (value > bound):
                return False
        return all(
            one.get(name) in query[name] for name in ("project", "batch", "status") if name in query
        )
