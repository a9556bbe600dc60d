"""Objects that calls return: fields, copies and equality."""

from __future__ import annotations

import copy
import pickle

import pytest

from scaleapi import Paginator, Task, Tasklist
from tests.wire.conftest import Connect
from tests.wire.server import Server, before, respond


def test_page_is_one_list(server: Server, connect: Connect) -> None:
    """``docs`` is the page itself, so a change to one is a change to the other."""
    server.script(before(respond({"docs": [{"task_id": "1"}], "total": 7, "limit": 1})))
    page = connect(server).tasks(project="p")
    assert isinstance(page, Tasklist)
    page.append(page[0])
    assert page.docs is page
    assert isinstance(page, Paginator)
    assert (len(page.docs), page.total, page.limit) == (2, 7, 1)


def test_workers_of_a_group(server: Server, connect: Connect) -> None:
    """A list of workers, not a tuple with a list in it."""
    group = {"id": "g", "name": "g", "workers": [{"id": "w", "email": "a@b.c"}]}
    server.script(before(respond([group])))
    (found,) = connect(server).list_project_groups("p")
    assert [worker.email for worker in found.workers] == ["a@b.c"]


def test_initial_response_of_a_quality_task(server: Server, connect: Connect) -> None:
    """The value that the service sent, not ``None``."""
    sent = {"id": "e", "expected_response": {"a": 1}, "initial_response": {"b": 2}}
    server.script(before(respond(sent)))
    task = connect(server).create_evaluation_task("imageannotation")
    assert (task.expected_response, task.initial_response) == ({"a": 1}, {"b": 2})


def test_copies_and_pickles_work(server: Server, connect: Connect) -> None:
    task = connect(server).get_task("t")
    for other in (copy.copy(task), copy.deepcopy(task), pickle.loads(pickle.dumps(task))):
        assert type(other) is Task
        assert other == task
        assert other is not task
        other.refresh()
        other._client.api.close()
    with pytest.raises(AttributeError, match="nothing"):
        _ = getattr(task, "nothing")  # noqa: B009 - a type checker knows that it is not there


def test_equality(server: Server, connect: Connect) -> None:
    """Two objects for one task are equal and have the same hash."""
    client = connect(server)
    first, second = client.get_task("t"), client.get_task("t")
    assert first == second
    assert len({first, second}) == 1
    assert first != client.get_project("p")
    server.script(before(respond({"task_id": "another"})))
    assert first != client.get_task("u")
