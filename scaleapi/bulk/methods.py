"""The calls that create many tasks."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, cast

from .._enums import TaskType
from .._http.url import path
from ..api import Resource
from ..tasks import Task, TaskMethods

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from typing_extensions import Unpack

    from .job import BulkOptions, Job, OnError
    from .pace import Limiter
    from .progress import Show
    from .result import BulkResult, RowOutcome
    from .sources import Rows

__all__ = ["BulkMethods"]


class BulkMethods(Resource):
    """The calls that create many tasks."""

    def create_tasks(
        self,
        task_type: TaskType | str,
        rows: Rows,
        *,
        defaults: Mapping[str, Any] | None = None,
        unique_id: str | None = None,
        journal: str | os.PathLike[str] | None = None,
        executor: Executor | None = None,
        workers: int = 16,
        rate: float | Limiter | None = None,
        progress: bool | Show | None = None,
        on_error: OnError = "collect",
        dry_run: bool = False,
    ) -> BulkResult[Task]:
        """Create a task for each row, each exactly once.

        Args:
            task_type: The type of all tasks.
            rows: The parameters of each task: an iterable of dicts, the path of a ``.csv``,
                ``.jsonl`` or ``.json`` file, or a data frame. In tables ``metadata.camera`` is a
                key of ``metadata``, and cells that begin with ``{`` or ``[`` are JSON.
            defaults: Parameters of all tasks; what a row says counts more.
            unique_id: The ``unique_id`` of each row: a column, or a template such as
                ``"scan-{id}"``. The column ``content_hash`` is a hash of the whole row.
            journal: The path of a file that notes what was done, so that the same call continues
                after a crash.
            executor: What makes the calls: any :class:`concurrent.futures.Executor`, of processes
                or of other machines too; see :doc:`/scale_out`. By default threads. What it
                pickles holds the API key.
            workers: How many calls are under way at once; with an executor, how many shards of
                the rows.
            rate: The most calls per second, or an object whose ``acquire()`` waits until a call
                may be made. Without it, calls slow down when the service asks for that. With an
                executor, a number is divided by ``workers``.
            progress: ``False`` for no bar, ``True`` for one in any case, or a function that is
                called with a :class:`~scaleapi.Progress` after each row. By default there
                is a bar if tqdm is installed and the output is a terminal or notebook.
            on_error: ``"collect"`` the rows that fail, or ``"raise"`` the first error.
            dry_run: Whether to check all rows and send nothing.

        Returns:
            The rows by what became of them.

        Raises:
            ScaleArgumentError: An argument is bad, the rows cannot be read, or the journal
                belongs to other rows, another type, account or URL.
            OSError: The journal cannot be written. Nothing is lost.

        Example:
            >>> client.create_tasks("imageannotation", "scans.csv", unique_id="scan-{id}")
            BulkResult(created=200, existing=0, failed=0)
        """
        return self._bulk(
            task_type,
            rows,
            defaults=defaults,
            unique_id=unique_id,
            journal=journal,
            executor=executor,
            workers=workers,
            rate=rate,
            progress=progress,
            on_error=on_error,
            dry_run=dry_run,
        ).result()

    def iter_create_tasks(
        self,
        task_type: TaskType | str,
        rows: Rows,
        *,
        defaults: Mapping[str, Any] | None = None,
        unique_id: str | None = None,
        journal: str | os.PathLike[str] | None = None,
        executor: Executor | None = None,
        workers: int = 16,
        rate: float | Limiter | None = None,
        progress: bool | Show | None = None,
        on_error: OnError = "collect",
        dry_run: bool = False,
    ) -> Generator[RowOutcome[Task], None, None]:
        """Create a task for each row, and yield what became of each as it is done.

        Rows are read as they are needed and none is kept: an endless iterable needs no more memory
        than a short one. The arguments are those of :meth:`create_tasks`, and are checked when this
        is called.

        Args:
            task_type: The type of all tasks.
            rows: The parameters of each task.
            defaults: Parameters of all tasks.
            unique_id: The ``unique_id`` of each row.
            journal: The path of the file that notes what was done.
            executor: What makes the calls.
            workers: How many calls, or shards of an executor, are under way at once.
            rate: The most calls per second, or a limiter.
            progress: Whether to show a bar, or a function.
            on_error: ``"collect"`` or ``"raise"``.
            dry_run: Whether to check all rows and send nothing.

        Raises:
            ScaleArgumentError: An argument is bad, the rows cannot be read, or the journal is not
                that of this call.
            OSError: The journal cannot be written. Nothing is lost.

        Example:
            >>> for outcome in client.iter_create_tasks("imageannotation", "scans.csv"):
            ...     print(outcome.row["attachment"], outcome.task or outcome.error)
        """
        return self._bulk(
            task_type,
            rows,
            defaults=defaults,
            unique_id=unique_id,
            journal=journal,
            executor=executor,
            workers=workers,
            rate=rate,
            progress=progress,
            on_error=on_error,
            dry_run=dry_run,
        ).outcomes()

    def _bulk(
        self, task_type: TaskType | str, rows: Rows, **options: Unpack[BulkOptions]
    ) -> Job[Task]:
        # Few programs need it.
        from ..tasks.parameters import ParameterCheck  # noqa: PLC0415
        from .creators import TaskCreator  # noqa: PLC0415
        from .job import Job  # noqa: PLC0415

        endpoint = path("task/{task_type}", task_type=task_type)
        client = cast("TaskMethods", self)  # the client, which has all calls
        check = ParameterCheck(self, task_type)
        creator = TaskCreator(
            self.api,
            endpoint,
            check.prepare,
            lambda json: Task(json, client),
            explain=check.explained,
        )
        return Job(creator, rows, **options)
