"""One window of an export: its pages are read, and become one file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..bulk.executors import Shared
from ..pagination import iterate
from .claims import Superseded, Taken, claim, claimed, is_wanted
from .folder import Folder, again_if_removed, flush
from .manifest import ExportFile
from .results import ResultDownloads
from .windows import Window
from .writers import writer

if TYPE_CHECKING:
    from ..tasks import Task, TaskMethods

__all__ = [
    "Interrupted",
    "Pace",
    "Shard",
    "WindowReader",
    "count_window",
    "write_shard",
]

#: Whether the run was given up.
Stopped = Callable[[], bool]


class Interrupted(Exception):
    """The run was given up while this window was read."""


@dataclass(frozen=True)
class Shard:
    """What a worker needs to write one file. It can be pickled; the pickle holds the API key.

    Attributes:
        shared: The client.
        query: The filters, by their names on the wire.
        folder: Where the file goes.
        file: The file, with its window.
        format: ``"jsonl"`` or ``"parquet"``.
        download_results: Whether to download results behind links.
        interval: Seconds from the start of one request to that of the next.
    """

    shared: Shared[TaskMethods]
    query: dict[str, Any]
    folder: Folder
    file: ExportFile
    format: str
    download_results: bool
    interval: float


class Pace:
    """Keep requests apart.

    Args:
        interval: Seconds from the start of one request to that of the next.
        stopped: Whether the run was given up.
    """

    def __init__(self, interval: float, stopped: Stopped = bool) -> None:
        self._interval = interval
        self._stopped = stopped
        self._next = 0.0

    def wait(self) -> None:
        """Wait for the time of the next request.

        Raises:
            Interrupted: The run was given up.
        """
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._interval
        if self._stopped():
            raise Interrupted


def count_window(
    shared: Shared[TaskMethods], query: dict[str, Any], interval: float, window: Window
) -> int:
    """Return how many tasks the service has in a window, give or take those at its ends.

    Args:
        shared: The client.
        query: The filters, by their names on the wire.
        interval: The least number of seconds that it may take.
        window: The window.
    """
    pace = Pace(interval)
    pace.wait()
    count = shared.value._tasks_page({**query, **window.query(), "limit": 1}).total
    pace.wait()
    return count


class WindowReader:
    """Reads the tasks of a window, each once, newest first.

    Args:
        client: The client.
        query: The filters, by their names on the wire.
        window: The window.
        pace: Keeps the requests apart.

    Attributes:
        missing: How many tasks the service counted in the end and has not listed.
    """

    def __init__(
        self, client: TaskMethods, query: dict[str, Any], window: Window, pace: Pace
    ) -> None:
        self.missing = 0
        self._client = client
        self._query = {**query, **window.query()}
        self._window = window
        self._pace = pace
        self._total = 0

    def __iter__(self) -> Iterator[Task]:
        listed, seen = 0, set[str]()
        for task in iterate(self._fetch):
            listed += 1
            task_id = str(task.id)
            if task_id in seen:
                continue
            seen.add(task_id)
            if self._window.holds(task.as_dict().get("created_at")):
                yield task
        self.missing = max(0, self._total - listed)

    def _fetch(self, cursor: str | None) -> tuple[list[Task], str | None]:
        self._pace.wait()
        page = self._client._tasks_page({**self._query, "next_token": cursor})
        self._total = page.total
        return page, page.next_token if page.has_more else None


def write_shard(shard: Shard, stopped: Stopped = bool) -> ExportFile:
    """Write the file of a window, unless it is there.

    It is called in whatever thread, process or machine the executor has, and may be called twice
    for the same window, even at once.

    Args:
        shard: What to write.
        stopped: Whether the run was given up.

    Returns:
        The file, with the number of its tasks.

    Raises:
        ScaleException: A call failed.
        Interrupted: The run was given up.
        Superseded: Another process has finished the run.
    """
    try:
        return again_if_removed(
            lambda: claimed(shard.folder, shard.file) or _written(shard, stopped)
        )
    except Taken as taken:
        return taken.file
    except FileNotFoundError:
        if is_wanted(shard.folder, shard.file):
            raise
        raise Superseded from None


def _written(shard: Shard, stopped: Stopped) -> ExportFile:
    """Write the file of a window.

    Raises:
        Taken: Another process has written it meanwhile.
    """
    folder, file = shard.folder, shard.file
    pace = Pace(shard.interval, stopped)
    reader = WindowReader(shard.shared.value, shard.query, file._window, pace)
    results = ResultDownloads(shard.shared.value, folder, pace) if shard.download_results else None
    with folder.temporary(file.name) as path:
        with writer(shard.format, path) as tasks:
            for task in reader:
                tasks.write(task.as_dict())
                if results is not None:
                    results.save(task.as_dict())
        failed = [] if results is None else results.failed
        written = replace(file, tasks=tasks.count, missing=reader.missing, failed_downloads=failed)
        flush(path)  # before the claim, after which the file should appear at once
        claim(folder, written)
        folder.put(path, file.name)
    return written
