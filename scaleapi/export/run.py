"""A run of an export: plan the windows, have them written, say what there is."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from .._http.policy import parse_date
from .._http.response import Response
from ..bulk.executors import Shared
from ..exceptions import ScaleArgumentError
from .claims import Superseded
from .folder import Folder
from .manifest import MANIFEST, PLAN, Export, ExportFile, Run, planned_files
from .retries import retry_downloads
from .shard import Shard, count_window, write_shard
from .windows import BEGINNING, Window, iso, parse_time, plan
from .workers import Workers
from .writers import FORMATS

if TYPE_CHECKING:
    from ..tasks import TaskMethods

__all__ = ["ExportRun", "Range", "newest", "windows_until"]

#: A later run begins so much before the earlier one did: the clocks of a service differ too.
_OVERLAP = timedelta(minutes=1)


@dataclass(frozen=True)
class Range:
    """The creation times that the caller asked for, both ends included."""

    first: datetime = BEGINNING
    last: datetime | None = None


@dataclass(frozen=True)
class ExportRun:
    """One call of ``export_tasks``, with checked arguments.

    Attributes:
        client: The client.
        folder: Where the export goes.
        format: ``"jsonl"`` or ``"parquet"``.
        query: The filters, by their names on the wire, without those of creation times.
        created: The creation times asked for.
        window: How many tasks a file may have.
        since: The folder of the export to continue, if any.
        download_results: Whether to download results behind links.
        interval: Seconds between the requests of one worker.
        progress: Called with the number of tasks written, and of those planned.
    """

    client: TaskMethods
    folder: Folder
    format: str
    query: dict[str, Any]
    created: Range
    window: int
    since: Folder | None
    download_results: bool
    interval: float
    progress: Callable[[int, int], object] | None

    def __call__(self, workers: Workers) -> Export:
        """Run, or go on with a run that was killed, and return the export.

        Raises:
            ScaleArgumentError: The folder has an export of something else.
            ScaleException: A call failed. Another run goes on where this one ended.
        """
        while True:
            # In this order: another process writes the manifest before it removes the plan.
            planned = Export.load(self.folder, PLAN)
            finished = Export.load(self.folder, MANIFEST)
            if planned and finished and planned.settings != finished.settings:
                # Of a process that was too late with other arguments, and may have been killed.
                self._clean_up(planned)
            elif planned is not None:
                with suppress(Superseded):
                    export = self._go_on(planned, finished, workers)
                    return export.without_downloaded(self.folder)
            elif finished is not None and self.since is None:
                self._check_same(finished)
                finished.check_complete(self.folder)
                return self._retried(finished, workers)
            else:
                if finished is not None:
                    self._check_same(finished)
                    self._retried(finished, workers)
                # Read again, since another process may have planned, or finished, meanwhile.
                self.folder.write_if_absent(PLAN, self._plan(workers, finished).to_json())

    def _retried(self, finished: Export, workers: Workers) -> Export:
        return retry_downloads(finished, workers, Shared(self.client), self.folder, self.interval)

    def _go_on(self, planned: Export, finished: Export | None, workers: Workers) -> Export:
        """Write what a plan has and the folder has not, and return the export.

        Raises:
            ScaleArgumentError: The plan, or the export that is there, is of something else.
            Superseded: Another process has finished the run.
        """
        self._check_same(planned)
        (run,) = planned.runs
        if finished is None or len(finished.runs) < run.number:
            finished = self._finish(planned, self._write(workers, run))
        self._clean_up(planned)
        self._check_same(finished)  # which may be of another process, with other arguments
        return finished

    def _clean_up(self, planned: Export) -> None:
        """Remove a plan, and the small files beside it, unless another process has."""
        if Export.load(self.folder, PLAN) == planned:
            for file in planned.files:
                self.folder.remove(file._done_name)
            self.folder.remove_leftovers()
            self.folder.remove(PLAN)

    def _finish(self, planned: Export, files: list[ExportFile]) -> Export:
        """Add the run that was planned to the manifest, and return the export."""
        (run,) = planned.runs
        manifest = Export.load(self.folder, MANIFEST)
        runs = manifest.runs if manifest else []
        if manifest is not None and len(runs) >= run.number:  # another process was faster
            return manifest
        export = replace(planned, runs=[*runs, replace(run, files=files)])
        self.folder.write(MANIFEST, export.to_json())
        return export

    @property
    def _bounds(self) -> dict[str, str]:
        """The creation times asked for, as filters of the list."""
        first, last = self.created.first, self.created.last
        bounds = {} if first == BEGINNING else {"start_time": iso(first)}
        return bounds if last is None else {**bounds, "end_time": iso(last)}

    @property
    def _filters(self) -> dict[str, Any]:
        """The filters as the manifest has them."""
        return {**self.query, **self._bounds}

    def _check_same(self, export: Export) -> None:
        export.check_same(
            format=self.format, filters=self._filters, download_results=self.download_results
        )

    def _plan(self, workers: Workers, finished: Export | None) -> Export:
        """Return an export of one run, whose files are to be written."""
        updated_after = self._updated_after()
        query = {**self.query, "updated_after": updated_after} if updated_after else self.query
        shared = Shared(self.client)
        began, last = newest(self.client, {**query, **self._bounds})
        windows = windows_until(
            last, workers, shared, query, self.created.first, self.window, self.interval
        )
        number = 1 + (len(finished.runs) if finished else 0)
        files = planned_files(number, windows, FORMATS[self.format])
        run = Run(number, iso(began), updated_after, files)
        return Export(self.folder.root, self.format, self._filters, self.download_results, [run])

    def _updated_after(self) -> str | None:
        """Return the time since which changes are wanted, ``None`` for everything."""
        if self.since is None:
            return None
        earlier = Export.load(self.since, MANIFEST)
        if earlier is None:
            problem = f"must be the folder of a finished export; {self.since.root} has none"
            raise ScaleArgumentError("since", problem)
        self._check_same(earlier)
        began = parse_time(earlier.runs[-1].service_time)
        if began is None:
            raise ScaleArgumentError("since", f"has no time in {MANIFEST}")
        return iso(began - _OVERLAP)

    def _write(self, workers: Workers, run: Run) -> list[ExportFile]:
        """Have the files of a run written, and return them."""
        query = (
            {**self.query, "updated_after": run.updated_after} if run.updated_after else self.query
        )
        shared = Shared(self.client)
        shards = (
            Shard(
                shared,
                query,
                self.folder,
                file,
                self.format,
                self.download_results,
                self.interval,
            )
            for file in run.files
        )
        write = (
            write_shard
            if workers.stop is None
            else partial(write_shard, stopped=workers.stop.is_set)
        )
        planned, tasks, written = sum(file.planned for file in run.files), 0, []
        for _, file in workers.run(write, shards):
            written.append(file)
            tasks += file.tasks
            if self.progress is not None:
                self.progress(tasks, max(planned, tasks))
        missing = sum(file.missing for file in written)
        if missing:
            warnings.warn(f"The service counted {missing} tasks more than it listed.", stacklevel=5)
        failed = sum(len(file.failed_downloads) for file in written)
        if failed:
            warnings.warn(
                f"{failed} results could not be downloaded: see failed_downloads. Another call"
                " with the same arguments tries only these again.",
                stacklevel=5,
            )
        return sorted(written, key=lambda file: file.name)


def newest(client: TaskMethods, query: dict[str, Any]) -> tuple[datetime, datetime | None]:
    """Return the time by the service's clock, and the creation time of the newest task.

    A task that is created later is one for the next run.

    Args:
        client: The client.
        query: The filters, by their names on the wire.
    """
    page = client._tasks_page({**query, "limit": 1})
    response = Response.latest()
    stamp = None if response is None else parse_date(response.headers.get("Date"))
    last = parse_time(page[0].as_dict().get("created_at")) if page else None
    if stamp is not None:
        now = datetime.fromtimestamp(stamp, timezone.utc)
    else:
        now = last or datetime.now(timezone.utc)
    # There may be tasks, though the newest does not tell its time or is not listed.
    return now, last or (now if page.total else None)


def windows_until(
    last: datetime | None,
    workers: Workers,
    shared: Shared[TaskMethods],
    query: dict[str, Any],
    first: datetime = BEGINNING,
    most: int = 20_000,
    interval: float = 0.0,
) -> list[Window]:
    """Return windows that have every task created between two times.

    Args:
        last: The latest time; ``None`` if there are no tasks.
        workers: What counts tasks.
        shared: The client.
        query: The filters, by their names on the wire, without those of creation times.
        first: The earliest time.
        most: How many tasks a window may have.
        interval: The least number of seconds for a count.
    """
    if last is None:
        return []
    count = partial(count_window, shared, query, interval)

    def count_all(windows: list[Window]) -> list[int]:
        counts = dict(workers.run(count, windows))
        return [counts[window] for window in windows]

    return plan(count_all, first, last, most)
