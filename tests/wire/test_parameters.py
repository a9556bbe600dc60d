"""Names of parameters that are probably mistakes: said before anything is sent, and on a 400."""

from __future__ import annotations

import json
import pickle
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from scaleapi import ScaleArgumentError, ScaleClient, ScaleInvalidRequest, ScaleParameterWarning
from scaleapi.tasks.creation import create_task_once
from scaleapi.tasks.parameters import ParameterCheck
from tests.wire.conftest import KEY, Connect
from tests.wire.server import Server, before, respond

CALLS: dict[str, Callable[[ScaleClient], Any]] = {
    "create_task": lambda client: client.create_task("imageannotation", projct="p"),
    "create_evaluation_task": lambda client: client.create_evaluation_task(
        "imageannotation", projct="p", expected_response={}, initial_response={}
    ),
    "create_training_task": lambda client: client.create_training_task(
        "imageannotation", projct="p", expected_response={}
    ),
    "create_project": lambda client: client.create_project(
        "p", "imageannotation", params={"projct": "p"}
    ),
    "update_project": lambda client: client.update_project("p", patch=True, projct="p"),
}

MEANT = "did you mean project?"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_warning_and_it_is_sent(
    server: Server, connect: Connect, call: Callable[[ScaleClient], Any]
) -> None:
    client = connect(server)
    with pytest.warns(
        ScaleParameterWarning, match="^projct is not a parameter of .*project"
    ) as all_:
        call(client)
    assert [one.filename for one in all_] == [__file__]
    assert len(server.requests) == 1
    assert "projct" in json.dumps(server.requests[0].json)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_strict_raises_and_nothing_is_sent(
    server: Server, connect: Connect, call: Callable[[ScaleClient], Any]
) -> None:
    client = connect(server, strict_parameters=True)
    for one in (client, client.with_options(deadline=5), pickle.loads(pickle.dumps(client))):
        with pytest.raises(ScaleArgumentError, match=MEANT) as caught:
            call(one)
        assert caught.value.argument == "projct"
    assert server.requests == []


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.filterwarnings("ignore::scaleapi.exceptions.ScaleParameterWarning")
def test_a_rejection_carries_the_suggestion(
    server: Server, connect: Connect, call: Callable[[ScaleClient], Any]
) -> None:
    client = connect(server)
    server.script(before(respond({"status_code": 400, "error": "project is required"}, 400)))
    with pytest.raises(ScaleInvalidRequest, match=rf"project is required\. Note: .*{MEANT}"):
        call(client)


def test_a_rejection_knows_more(server: Server, connect: Connect) -> None:
    """The service may take ``attachments`` for ``attachment``; when it does not, this says it."""
    client = connect(server)
    server.script(before(respond({"error": "attachment is required"}, 400)))
    with pytest.raises(ScaleInvalidRequest, match=r"Note: attachments is .* mean attachment\?"):
        client.create_task("imageannotation", attachments=["u"], geometries={})


@pytest.mark.filterwarnings("ignore::scaleapi.exceptions.ScaleParameterWarning")
def test_other_errors_do_not(server: Server, connect: Connect) -> None:
    client = connect(server)
    server.script(before(respond({"error": "no"}, 422)))
    with pytest.raises(ScaleInvalidRequest) as caught:
        client.create_task("imageannotation", projct="p")
    assert "Note" not in str(caught.value)


def test_several_mistakes_are_named_together(server: Server, connect: Connect) -> None:
    client = connect(server, strict_parameters=True)
    with pytest.raises(ScaleArgumentError, match=r"project\?; tag is .* mean tags\?$"):
        client.create_task("imageannotation", projct="p", tag="t")


def test_correct_parameters_are_silent(server: Server, connect: Connect) -> None:
    """As is a name that is close to none."""
    client = connect(server, strict_parameters=True)
    client.create_task("imageannotation", project="p", attachment="u", geometries={}, force=True)
    client.create_project("p", "imageannotation")
    client.update_project("p", patch=True)
    assert len(server.requests) == 3


@pytest.mark.parametrize("value", [None, "", [], 0, "false"])
def test_strict_is_a_flag(value: Any) -> None:
    assert ScaleClient("key", strict_parameters=value).strict_parameters is False
    assert ScaleClient("key").strict_parameters is False
    with pytest.raises(ScaleArgumentError, match="strict_parameters must be True or False"):
        ScaleClient("key", strict_parameters="perhaps")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        (lambda client: client.update_project("p", ptach=True), "patch"),
        (
            lambda client: client.create_training_task("imageannotation", expectedResponse={}),
            "expected_response",
        ),
        (
            lambda client: client.create_evaluation_task("imageannotation", inital_response={}),
            "initial_response",
        ),
        (lambda client: client.update_project("p", params={"geometries": {}}), "directly"),
    ],
)
def test_what_only_one_call_takes(
    server: Server, connect: Connect, call: Callable[[ScaleClient], Any], meant: str
) -> None:
    """Without patch, an update removes every other parameter."""
    with pytest.raises(ScaleArgumentError, match=meant):
        call(connect(server, strict_parameters=True))
    assert server.requests == []


def test_a_row_is_prepared_without_sending(server: Server, connect: Connect) -> None:
    """What a bulk creation does: prepare every row, then send what was prepared."""
    client, row = connect(server), {"attachment": "u", "uniqueid": "a"}
    with pytest.warns(ScaleParameterWarning, match="unique_id"):
        body = ParameterCheck(client, "imageannotation").prepare(row)
    assert (body, server.requests) == (row, [])
    assert body is not row
    strict = connect(server, strict_parameters=True)
    with pytest.raises(ScaleArgumentError, match="unique_id"):
        ParameterCheck(strict, "imageannotation").prepare(row)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # what was prepared is not looked at twice
        create_task_once(client.api, "task/imageannotation", body)


BULK: dict[str, Callable[[ScaleClient, list[dict[str, Any]]], Any]] = {
    "create_tasks": lambda client, rows: client.create_tasks("imageannotation", rows),
    "dry_run": lambda client, rows: client.create_tasks("imageannotation", rows, dry_run=True),
    "iter_create_tasks": lambda client, rows: list(
        client.iter_create_tasks("imageannotation", rows)
    ),
    "defaults": lambda client, rows: client.create_tasks(
        "imageannotation", rows, defaults={"projct": "p"}
    ),
    "create_evaluation_tasks": lambda client, rows: client.create_evaluation_tasks(
        "imageannotation", rows
    ),
    "create_training_tasks": lambda client, rows: client.create_training_tasks(
        "imageannotation", rows
    ),
}


@pytest.mark.parametrize("call", BULK.values(), ids=BULK)
def test_rows_warn_once_per_name(
    server: Server, connect: Connect, call: Callable[[ScaleClient, list[dict[str, Any]]], Any]
) -> None:
    """Also if the filters show every warning, as those of pytest do."""
    client = connect(server)
    rows = [{"attachment": str(one), "projct": "p"} for one in range(5)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(client, [*rows, {"attachment": "x", "projct": "p", "tag": "t"}])
        call(client, rows)
    assert [str(one.message).split()[0] for one in caught] == ["projct", "tag", "projct"]
    assert {one.filename for one in caught} == {__file__}


def test_warnings_as_errors_stop_every_run(server: Server, connect: Connect) -> None:
    client, rows = connect(server), [{"attachment": "a", "projct": "p"}] * 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(2):
            with pytest.raises(ScaleParameterWarning):
                client.create_tasks("imageannotation", rows)
            with pytest.raises(ScaleParameterWarning):
                client.create_task("imageannotation", **rows[0])
    assert server.requests == []


def test_a_key_in_a_name_is_hidden(server: Server, connect: Connect) -> None:
    """In the warning, the strict error and the note on a rejection."""
    body: dict[str, Any] = {"annotation_attributes": {KEY: {"choises": []}}}
    client = connect(server)
    server.script(before(respond({"error": "choices is required"}, 400)))
    with (
        pytest.warns(ScaleParameterWarning, match=r"<hidden>.*choices\?$") as caught,
        pytest.raises(ScaleInvalidRequest, match=r"Note: .*<hidden>") as rejected,
    ):
        client.create_task("imageannotation", **body)
    with pytest.raises(ScaleArgumentError, match="<hidden>") as strict:
        connect(server, strict_parameters=True).create_task("imageannotation", **body)
    for text in (str(caught[0].message), str(rejected.value), str(strict.value)):
        assert KEY not in text
    assert KEY not in strict.value.argument


def test_threads_load_the_tables_at_once(server: Server, connect: Connect) -> None:
    client = connect(server, strict_parameters=True)
    gate = threading.Barrier(8)

    def create(_: int) -> str:
        gate.wait()
        with pytest.raises(ScaleArgumentError) as caught:
            client.create_task("imageannotation", projct="p")
        return caught.value.argument

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(create, range(8))) == {"projct"}


def test_a_rejection_says_it_once_per_name(server: Server, connect: Connect) -> None:
    client = connect(server)
    server.script(before(respond({"error": "geometries is required"}, 400)))
    with (
        pytest.warns(ScaleParameterWarning, match="geometrys"),
        pytest.raises(ScaleInvalidRequest) as caught,
    ):
        client.create_task("imageannotation", attachment="u", geometrys={})
    assert str(caught.value).count("geometrys") == 1
