"""The calls of the client that export tasks."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from .._arguments import count_of, flag_of, is_given, shown
from ..api import Resource
from ..exceptions import ScaleArgumentError
from ..pagination import iterate
from ..tasks import Task, TaskMethods
from ..tasks.filters import task_query

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .arrow import ArrowTable, RecordBatchReader
    from .manifest import Export

__all__ = ["ExportMethods"]

#: Filters of the task list that an export cannot have.
_NO_FILTERS = {
    "limited_response": "would leave out what an export is for",
    "next_token": "is for one page; an export has all",
}


class ExportMethods(Resource):
    """The calls that export tasks."""

    def export_tasks(
        self,
        project: str | None,
        path: str | os.PathLike[str],
        *,
        format: str = "jsonl",
        executor: Executor | None = None,
        workers: int | None = None,
        rate: float | None = None,
        window: int = 20_000,
        since: str | os.PathLike[str] | None = None,
        download_results: bool = False,
        progress: Callable[[int, int], object] | None = None,
        **filters: Any,
    ) -> Export:
        """Export the tasks of a project to files, and go on where an earlier call was killed.

        The tasks are divided by creation time into windows, each of which becomes one file. A
        file appears when it is complete, and ``_manifest.json`` when all of them are. Call it
        again with the same arguments after a failure: files that are there are not read again.
        Tasks that are created meanwhile are left to the next run, with ``since``.

        Args:
            project: The project's name; ``None`` if ``batch_name`` is among the filters.
            path: The folder to write to, or a URL that fsspec knows (extra ``cloud``).
            format: ``"jsonl"``, the tasks as the service sends them, or ``"parquet"`` (extra
                ``arrow``), the columns of :func:`scaleapi.export.task_reader`.
            executor: What runs the windows: any :class:`concurrent.futures.Executor`, of
                processes or of other machines too. By default 8 threads. What it pickles holds
                the API key.
            workers: How many windows are read at once; by default what the executor does.
            rate: Requests per second that all workers together may make; needs ``workers`` if
                there is an ``executor``.
            window: How many tasks a file may have.
            since: The folder of a finished export, which may be ``path`` itself. Only tasks that
                have changed since it began are exported, to further files. A task may then be in
                several files: see :func:`scaleapi.export.compact`.
            download_results: Whether to save the results behind links (of video, lidar and
                segmentation tasks) in the folder, under :func:`scaleapi.export.result_name`.
            progress: Called after each file with the number of tasks that are written, and the
                number there will be.
            **filters: The filters of :meth:`get_tasks`, by their names there. A smaller ``limit``
                makes pages of large tasks smaller.

        Returns:
            What the export consists of, and which results could not be downloaded. Another call
            tries these again.

        Raises:
            ScaleArgumentError: An argument is bad, or the folder has another export.
            ScaleException: A call failed.

        Example:
            >>> client.export_tasks("parcels", "out/", format="parquet", status="completed")
            Export(path='out/', tasks=24, files=1)
        """
        from .folder import Folder  # noqa: PLC0415 - few programs export
        from .run import ExportRun, Range  # noqa: PLC0415
        from .windows import BEGINNING  # noqa: PLC0415
        from .workers import workers_of  # noqa: PLC0415
        from .writers import check_format  # noqa: PLC0415

        query = export_query("export_tasks", project, filters)
        first, last = query.pop("start_time", None), query.pop("end_time", None)
        if since is not None and query.keys() & {"updated_after", "updated_before"}:
            given = "updated_after or updated_before, which it sets itself"
            raise ScaleArgumentError("since", f"must not be given with {given}")
        run = ExportRun(
            client=cast("TaskMethods", self),  # which has all calls
            folder=Folder.of("path", path),
            format=check_format(format),
            query=query,
            created=Range(
                BEGINNING if first is None else _time("created_after", first),
                None if last is None else _time("created_before", last),
            ),
            window=count_of("window", window, 1),
            since=None if since is None else Folder.of("since", since),
            download_results=flag_of("download_results", download_results),
            interval=_interval(rate, executor, workers),
            progress=progress,
        )
        with workers_of(executor, workers) as running:
            return run(running)

    def iter_arrow(
        self,
        project: str | None = None,
        *,
        table: str = "tasks",
        download_results: bool = False,
        **filters: Any,
    ) -> RecordBatchReader:
        """Return the tasks of a project, or their annotations, as a stream of record batches.

        It is a :class:`pyarrow.RecordBatchReader`: pandas, polars and duckdb read it as it is,
        page by page. It needs the extra ``arrow``.

        Args:
            project: The project's name; ``None`` if ``batch_name`` is among the filters.
            table: ``"tasks"``, see :func:`scaleapi.export.task_reader`, or ``"annotations"``,
                see :func:`scaleapi.export.annotation_reader`.
            download_results: Whether to download annotations behind links.
            **filters: The filters of :meth:`get_tasks`, by their names there.

        Raises:
            ImportError: pyarrow is not installed.
            ScaleArgumentError: An argument is bad.
            ScaleException: A call failed; raised where the batch is read.

        Example:
            >>> for batch in client.iter_arrow("parcels", table="annotations"):
            ...     print(batch.num_rows)
        """
        from .annotation_table import annotation_reader  # noqa: PLC0415 - few programs export
        from .task_table import task_reader  # noqa: PLC0415

        if table not in ("tasks", "annotations"):
            raise ScaleArgumentError(
                "table", f"must be 'tasks' or 'annotations', not {shown(table)}"
            )
        download = flag_of("download_results", download_results)
        query = export_query("iter_arrow", project, filters)
        tasks = iterate(partial(_tasks_from, cast("TaskMethods", self), query))
        if table == "tasks":
            return task_reader(tasks)
        return annotation_reader(tasks, download_results=download)

    def to_arrow(
        self,
        project: str | None = None,
        *,
        table: str = "tasks",
        download_results: bool = False,
        **filters: Any,
    ) -> ArrowTable:
        """Return the tasks of a project, or their annotations, as a :class:`pyarrow.Table`.

        All of them are in memory; for many, see :meth:`iter_arrow` and :meth:`export_tasks`.

        Args:
            project: The project's name; ``None`` if ``batch_name`` is among the filters.
            table: ``"tasks"`` or ``"annotations"``.
            download_results: Whether to download annotations behind links.
            **filters: The filters of :meth:`get_tasks`, by their names there.

        Raises:
            ImportError: pyarrow is not installed.
            ScaleArgumentError: An argument is bad.
            ScaleException: A call failed.

        Example:
            >>> frame = client.to_arrow("parcels", table="annotations").to_pandas()
            >>> frame.groupby("label").size()
        """
        stream = self.iter_arrow(project, table=table, download_results=download_results, **filters)
        return stream.read_all()


def _tasks_from(
    client: TaskMethods, query: dict[str, Any], cursor: str | None
) -> tuple[list[Task], str | None]:
    """Return a page of tasks and the cursor of the next."""
    page = client._tasks_page({**query, "next_token": cursor})
    return page, page.next_token if page.has_more else None


def export_query(method: str, project: str | None, filters: dict[str, Any]) -> dict[str, Any]:
    """Return the query for the task list of an export.

    Raises:
        ScaleArgumentError: A filter is bad, or there is neither a project nor a batch.
    """
    for name, problem in _NO_FILTERS.items():
        if is_given(filters.get(name)):
            raise ScaleArgumentError(name, problem)
    filters = {name: value for name, value in filters.items() if name not in _NO_FILTERS}
    query = task_query(method, {"project_name": project, **filters})
    if "project" not in query and "batch" not in query:
        raise ScaleArgumentError("project", "or batch_name must be given")
    return query


def _time(argument: str, text: str) -> datetime:
    from .windows import parse_time  # noqa: PLC0415

    time = parse_time(text)
    if time is None:
        raise ScaleArgumentError(
            argument,
            f"must be a date, a datetime or text as 2026-01-31T08:30:00Z, not {shown(text)}",
        )
    return time


def _interval(rate: float | None, executor: Executor | None, workers: int | None) -> float:
    """Return the seconds between the requests of each worker."""
    from ..bulk.executors import check_executor  # noqa: PLC0415
    from .workers import THREADS  # noqa: PLC0415

    check_executor(executor)
    if workers is not None:
        count_of("workers", workers, 1)
    if rate is None:
        return 0.0
    if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not 0 < rate < float("inf"):
        raise ScaleArgumentError("rate", f"must be requests per second, above 0, not {shown(rate)}")
    if executor is not None and workers is None:
        raise ScaleArgumentError(
            "workers", "must be given with rate and executor, because they share the rate"
        )
    return (workers or THREADS) / rate
