"""Waiting for tasks and batches of the v2 API."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Any

from .._arguments import is_given, items_of, shown, text_of
from .._http.call import Deadline
from .._http.response import JSONObject
from .._waiting import end_of, overlapping, polls
from ..exceptions import ScaleArgumentError, ScaleTaskFailed
from ..pagination import iterate
from ._operations import Operations, model_of
from .batches import Batch, BatchStatus
from .tasks import GetTasksResponse, Task, TaskStatus

__all__ = ["WaitOperations"]

#: The states that a task stays in, besides ``completed``.
_FAILED = (TaskStatus.CANCELED.value, TaskStatus.ERROR.value, TaskStatus.DELETED.value)


class WaitOperations(Operations):
    """Calls that wait."""

    def wait_for_tasks(
        self, tasks: Iterable[Task | str], timeout: float | None = None
    ) -> list[Task]:
        """Wait until all tasks are completed.

        Looks at once, after 1 s, and at growing intervals of up to a minute. The list of v2 has no
        filter for changes, so each look is one listing for each status that a task can end in, of
        each project, however many tasks there are.

        Args:
            tasks: The tasks. An id costs a call of its own at the beginning.
            timeout: Seconds to wait, ``None`` for as long as it takes.

        Returns:
            The tasks as they are then, in the order in which they were given.

        Raises:
            TimeoutError: Time is up.
            ScaleTaskFailed: All have ended, and some are not completed: its ``tasks``.
            ScaleException: The service could not be asked, for several minutes.
        """
        end = end_of(timeout)
        given = self._given(tasks, end)
        ended = {task.task_id: task for task in self._ended(given, end)}
        failed = [task for task in ended.values() if task.status != TaskStatus.COMPLETED]
        if failed:
            raise ScaleTaskFailed.of(
                [(one.task_id, one.status, _reason(one)) for one in failed], failed
            )
        return [ended[task.task_id] for task in given]

    def as_completed(
        self,
        tasks: Iterable[Task | str] | None = None,
        *,
        project_id: str | None = None,
        project_name: str | None = None,
        batch_id: str | None = None,
        batch_name: str | None = None,
        timeout: float | None = None,
    ) -> Generator[Task, None, None]:
        """Yield tasks as they end, whether completed, in error, canceled or deleted.

        Looks for changes as :meth:`wait_for_tasks` does.

        Args:
            tasks: The tasks, or their ids.
            project_id: All tasks that this project has now, instead.
            project_name: The same by its name.
            batch_id: All tasks that this batch has now, instead.
            batch_name: The same by its name.
            timeout: Seconds until all have to be yielded, ``None`` for as long as it takes.

        Raises:
            TimeoutError: Time is up.
            ScaleException: The service could not be asked, for several minutes.
        """
        where = {
            "project_id": project_id,
            "project_name": project_name,
            "batch_id": batch_id,
            "batch_name": batch_name,
        }
        query = {name: text_of(name, value) for name, value in where.items() if is_given(value)}
        if (tasks is not None) == bool(query):
            raise ScaleArgumentError("tasks", "must be given, or else a project or batch")
        end = end_of(timeout)
        given = self._all_of(query, end) if tasks is None else self._given(tasks, end)
        return self._ended(given, end)

    def wait_for_batch(
        self,
        batch_id: str | None = None,
        batch_name: str | None = None,
        timeout: float | None = None,
    ) -> Batch:
        """Wait until all tasks of a batch have ended.

        A batch that is paused is waited for; somebody may resume it.

        Args:
            batch_id: The batch's id.
            batch_name: Its name, instead.
            timeout: Seconds to wait, ``None`` for as long as it takes.

        Returns:
            The batch as it is then.

        Raises:
            TimeoutError: Time is up.
            ScaleArgumentError: It is staging, so that nobody works on it, or was cancelled.
            ScaleException: The service could not be asked, for several minutes.
        """
        if is_given(batch_id) == is_given(batch_name):
            raise ScaleArgumentError("batch_id", "must be given, or else batch_name")
        name = "batch_id" if is_given(batch_id) else "batch_name"
        query = {name: text_of(name, batch_id if is_given(batch_id) else batch_name)}
        api = self.api

        def look(deadline: Deadline) -> Batch:
            return model_of(api.get_request("batch", query, deadline=deadline), Batch)

        what = f"batch {query[name]!r}"
        for batch in polls(look, what, end_of(timeout), api.options.deadline):
            if batch.status == BatchStatus.STAGING:
                raise ScaleArgumentError(
                    what, "is staging: nobody works on it until finalize_batch()"
                )
            if batch.status == BatchStatus.CANCELLED:
                raise ScaleArgumentError(what, "is cancelled")
            if batch.status == BatchStatus.COMPLETED:
                return batch
        raise AssertionError  # a wait ends with what it waits for, or raises

    def _all_of(self, query: JSONObject, end: Deadline) -> list[Task]:
        """Return the tasks that a project or batch has now."""
        looks = polls(lambda deadline: list(self._listed(query, deadline)), "tasks", end, None)
        return next(looks)

    def _given(self, tasks: Iterable[Task | str], end: Deadline) -> list[Task]:
        """Return tasks as objects; those of which only the id is known are asked for."""
        items = [tasks] if isinstance(tasks, Task) else items_of(tasks)
        if items is None:
            raise ScaleArgumentError("tasks", f"must be tasks or their ids, not {shown(tasks)}")
        return [
            one
            if isinstance(one, Task) and one.status
            else self._task(one.task_id if isinstance(one, Task) else one, end)
            for one in items
        ]

    def _task(self, task_id: object, end: Deadline) -> Task:
        query, api = {"task_id": text_of("each of tasks", task_id)}, self.api

        def look(deadline: Deadline) -> Task:
            return model_of(api.get_request("task", query, deadline=deadline), Task)

        return next(polls(look, f"task {query['task_id']}", end, api.options.deadline))

    def _ended(self, tasks: list[Task], end: Deadline) -> Generator[Task, None, None]:
        """Yield tasks as they end, each once."""
        pending = {task.task_id: task for task in tasks}
        for task in list(pending.values()):
            if task.status == TaskStatus.COMPLETED or task.status in _FAILED:
                yield pending.pop(task.task_id)
        if not pending:
            return
        what = f"{len(pending)} tasks" if len(pending) > 1 else f"task {next(iter(pending))}"
        look = self._look_for(pending)
        for changed in polls(look, what, end, self.api.options.deadline):
            for task in changed:
                if pending.pop(task.task_id, None) is not None:
                    yield task
            if not pending:
                return

    def _look_for(self, pending: Mapping[str, Task]) -> Any:
        scopes = _scopes(pending.values())
        since = min(task.to_dict().get("created_at") or "" for task in pending.values())

        def look(deadline: Deadline) -> list[Task]:
            nonlocal since
            newest, found = since, []
            for scope in scopes:
                after = overlapping(since)
                filters: list[JSONObject] = [{"status": status} for status in _FAILED]
                filters.append({"status": "completed", "completed_after": after})
                for each in filters:
                    for task in self._listed({**scope, **each}, deadline):
                        found.append(task)
                        newest = max(newest, task.to_dict().get("completed_at") or "")
            since = newest
            return [task for task in found if task.task_id in pending]

        return look

    def _listed(self, query: JSONObject, deadline: Deadline) -> Iterator[Task]:
        api = self.api

        def fetch(token: str | None) -> tuple[list[Task], str | None]:
            asked = {name: one for name, one in query.items() if one is not None}
            asked |= {} if token is None else {"next_token": token}
            page = model_of(api.get_request("tasks", asked, deadline=deadline), GetTasksResponse)
            return page.tasks, page.next_token or None

        return iterate(fetch)


def _scopes(tasks: Iterable[Task]) -> list[JSONObject]:
    """Return the filters of the listings that have all of some tasks."""
    tasks = list(tasks)
    batches = {_id(task.batch) for task in tasks}
    if len(batches) == 1 and None not in batches:
        return [{"batch_id": batches.pop()}]
    return [{"project_id": project} for project in sorted({str(_id(t.project)) for t in tasks})]


def _id(value: object) -> str | None:
    return value if isinstance(value, str) else getattr(value, "id", None)


def _reason(task: Task) -> str | None:
    errors = task.errors or []
    return errors[0].message if errors else None
