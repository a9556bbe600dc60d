"""Waiting for tasks: one listing for all of them, not a call for each."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, cast

from .._arguments import is_given, items_of, shown, text_of
from .._enums import TaskStatus
from .._http.call import Deadline
from .._http.response import JSONObject, check_object
from .._http.url import path
from .._waiting import end_of, overlapping, polls
from ..api import Api, Resource
from ..exceptions import ScaleArgumentError, ScaleTaskFailed
from ..pagination import Tasklist, page_from
from .filters import task_query
from .methods import TaskMethods
from .task import Task

__all__ = ["WaitMethods", "wait_for"]

#: The states that a task stays in.
ENDED = (TaskStatus.Completed.value, TaskStatus.Canceled.value, "error")


class WaitMethods(Resource):
    """The calls that wait for tasks."""

    def wait_for_tasks(
        self, tasks: Iterable[Task | str], timeout: float | None = None
    ) -> list[Task]:
        """Wait until all tasks are completed.

        Looks once when it begins, then after 1 s, and at growing intervals of up to a minute. Each
        look is one listing of what changed, however many tasks there are.

        Args:
            tasks: The tasks. An id costs a call of its own at the beginning.
            timeout: Seconds to wait, ``None`` for as long as it takes.

        Returns:
            The tasks, in the order in which they were given.

        Raises:
            TimeoutError: Time is up.
            ScaleTaskFailed: All have ended, and some in ``error`` or ``canceled``: its ``tasks``.
            ScaleException: The service could not be asked, for several minutes.

        Example:
            >>> result = client.create_tasks("imageannotation", "scans.csv")
            >>> [task.status for task in client.wait_for_tasks(result.tasks)]
            ['completed', 'completed']
        """
        end, client = end_of(timeout), _client(self)
        given = _given(client, tasks, end)
        ended = {task.id: task for task in _ended(client, given, end)}
        raise_failures(ended.values())
        return [ended[task.id] for task in given]

    def as_completed(
        self,
        tasks: Iterable[Task | str] | None = None,
        *,
        project_name: str | None = None,
        batch_name: str | None = None,
        timeout: float | None = None,
    ) -> Generator[Task, None, None]:
        """Yield tasks as they end, whether completed, in error or canceled.

        Looks for changes as :meth:`wait_for_tasks` does.

        Args:
            tasks: The tasks, or their ids.
            project_name: All tasks that this project has now, instead.
            batch_name: All tasks that this batch has now, instead.
            timeout: Seconds until all have to be yielded, ``None`` for as long as it takes.

        Raises:
            TimeoutError: Time is up.
            ScaleException: The service could not be asked, for several minutes.

        Example:
            >>> for task in client.as_completed(batch_name="week_11", timeout=3600):
            ...     print(task.id, task.status)
        """
        named = is_given(project_name) or is_given(batch_name)
        if (tasks is not None) == named:
            raise ScaleArgumentError("tasks", "must be given, or else project_name or batch_name")
        end = end_of(timeout)
        client = _client(self)
        if tasks is None:
            tasks = _all_of(client, project_name, batch_name, end)
        return _ended(client, _given(client, tasks, end), end)


def _client(methods: Resource) -> TaskMethods:
    """Return the client that some of its calls belong to."""
    return cast("TaskMethods", methods)


def wait_for(client: TaskMethods, task: Task, timeout: float | None) -> None:
    """Wait until a task is completed; see :meth:`Task.wait`."""
    end = end_of(timeout)
    for one in _ended(client, _given(client, [task], end), end):
        raise_failures([one])


def raise_failures(tasks: Iterable[Task]) -> None:
    """Raise ScaleTaskFailed if there are tasks that ended and are not completed."""
    failed = [task for task in tasks if task.status != TaskStatus.Completed]
    if failed:
        raise ScaleTaskFailed.of([(task.id, task.status, _reason(task)) for task in failed], failed)


def _reason(task: Task) -> str | None:
    response = task.as_dict().get("response")
    reason = response.get("error") if isinstance(response, dict) else None
    return reason if isinstance(reason, str) else None


def _all_of(
    client: TaskMethods, project_name: str | None, batch_name: str | None, end: Deadline
) -> list[Task]:
    """Return the tasks that a project or batch has now."""
    query = task_query("as_completed", {"project_name": project_name, "batch_name": batch_name})
    api = client.api
    looks = polls(lambda deadline: list(_listed(api, query, deadline)), "tasks", end, None)
    return [Task(json, client) for json in next(looks)]


def _given(client: TaskMethods, tasks: Iterable[Task | str], end: Deadline) -> list[Task]:
    """Return tasks as objects; those of which only the id is known are asked for."""
    items = [tasks] if isinstance(tasks, Task) else items_of(tasks)
    if items is None:
        raise ScaleArgumentError("tasks", f"must be tasks or their ids, not {shown(tasks)}")
    given = [
        one if isinstance(one, Task) else Task({"task_id": text_of("each of tasks", one)}, client)
        for one in items
    ]
    api = client.api
    for task in given:
        if "status" not in task.as_dict():  # an id, or one of a journal
            look = _look_at_one(api, task.id)
            (task._json,) = next(polls(look, f"task {task.id}", end, api.options.deadline))
    return given


def _ended(client: TaskMethods, tasks: list[Task], end: Deadline) -> Generator[Task, None, None]:
    """Yield tasks as they end, each once."""
    pending: dict[str, list[Task]] = {}
    for task in tasks:
        pending.setdefault(task.id, []).append(task)
    for task_id, (task, *_) in list(pending.items()):
        if task.as_dict().get("status") in ENDED:
            del pending[task_id]
            yield task
    if not pending:
        return
    api = client.api
    look = _look_at_one(api, next(iter(pending))) if len(pending) == 1 else _Changes(api, pending)
    what = f"{len(pending)} tasks" if len(pending) > 1 else f"task {next(iter(pending))}"
    for changed in polls(look, what, end, api.options.deadline):
        for json in changed:
            if json.get("status") in ENDED and (same := pending.pop(json["task_id"], None)):
                for task in same:
                    task._json = json
                yield same[0]
        if not pending:
            return


def _look_at_one(api: Api, task_id: str) -> Callable[[Deadline], list[JSONObject]]:
    endpoint = path("task/{task_id}", task_id=task_id)
    return lambda deadline: [check_object(api.get_request(endpoint, deadline=deadline), "task_id")]


class _Changes:
    """List what changed in the projects and batches of some tasks since the last look.

    The first look lists what ended since the oldest task last changed. No task that is waited for
    has changed since the newest of them was received, other than those that this look found, so
    the next one begins there.
    """

    def __init__(self, api: Api, tasks: dict[str, list[Task]]) -> None:
        self._api = api
        self._pending = tasks
        documents = [same[0].as_dict() for same in tasks.values()]
        times = [one.get("updated_at") or one.get("created_at") for one in documents]
        known = [time for time in times if isinstance(time, str)]
        self._since = min(known) if len(known) == len(times) else None
        self._newest = max(known, default=None)
        self._scope = _scope(documents)
        self._first = True

    def __call__(self, deadline: Deadline) -> list[JSONObject]:
        filters = [{"status": status} for status in ENDED] if self._first else [{}]
        newest = self._newest
        found: list[JSONObject] = []
        for each in filters:
            for json in _listed(self._api, self._query(each), deadline):
                if json["task_id"] in self._pending:
                    found.append(json)
                newest = max(newest or "", str(json.get("updated_at") or ""))
        # Only now: a look that failed half-way is made again from where it began.
        if self._first:
            self._first, self._since = False, self._newest
        else:
            self._newest = self._since = newest
        return found

    def _query(self, more: JSONObject) -> JSONObject:
        since = overlapping(self._since) if self._since is not None else None
        return task_query("wait", {**self._scope, **more, "updated_after": since})


def _listed(api: Api, query: JSONObject, deadline: Deadline) -> Iterator[JSONObject]:
    """Yield the tasks of all pages."""
    while True:
        json = api.get_request("tasks", query, deadline=deadline)
        page = page_from(json, Tasklist, Task, None)
        yield from (task.as_dict() for task in page)
        if not page.has_more or page.next_token is None:
            return
        query = {**query, "next_token": page.next_token}


def _scope(tasks: list[JSONObject]) -> JSONObject:
    """Return the filters that leave out most of what is not waited for."""
    batches = {task.get("batch") for task in tasks}
    if len(batches) == 1 and None not in batches:
        return {"batch": batches.pop()}
    projects: set[Any] = {task.get("project") for task in tasks}
    if len(projects) == 1 and None not in projects:
        return {"project": projects.pop()}
    return {}
