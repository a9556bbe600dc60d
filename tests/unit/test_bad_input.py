"""Errors name bad arguments before anything is sent: every argument of every call."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import requests

from scaleapi import ScaleArgumentError, ScaleClient
from scaleapi._arguments import shown
from tests.compat.canned import client_returning

NAN = float("nan")

#: What is bad for an argument of each kind.
BAD: dict[str, list[Any]] = {
    "segment": ["", b"", None, True, [], {}, NAN, ".", "..", "\ud800", b"\xff", 10**5000],
    "text": ["", b"", None, True, [], {}, NAN, "\ud800", b"\xff", 10**5000],
    "optional text": [True, ["x"], {"a": 1}, NAN, "\ud800", b"\xff", object()],
    "texts": ["abc", b"abc", None, 5, {"a": 1}, [""], [None], [True], [["a"]], ["\ud800"]],
    "optional texts": ["abc", b"abc", 5, {"a": 1}, [""], [None], [True], [["a"]], ["\ud800"]],
    "flag": ["yes", "", 2, 0.5, None, [], {}, 10**5000],
    "optional flag": ["yes", 2, 0.5, ["x"], {"a": 1}, 10**5000],
    "object": ["", "{}", 5, None, [], [("a", 1)], {"a": NAN}, {"a": {1}}, {("a",): 1}],
    "optional object": ["{}", 5, [("a", 1)], {"a": NAN}, {"a": {1}}, {("a",): 1}],
    "one or several": [True, NAN, {"a": 1}, [True], [["a"]], ["\ud800"], object(), 10**5000],
    "time": [True, NAN, ["2020"], {"a": 1}, "\ud800", 10**5000],
    "page size": [101, -1, True, "x", 5.5, "5.5", ["5"], 10**5000, "1e9999999"],
    "count": [-1, True, "x", 5.5, ["5"], "1e9999999"],
    "number": [None, True, "x", 10.5, []],
    "link": [
        "",
        None,
        5,
        b"http://x/y",
        "x",
        "/y",
        "ftp://x/y",
        "http://",
        "http://x y/",
        "http://[",
        "http://x/\n",
    ],
    "file": [None, 5, [], "", "no/such/file", object(), {}],
    "form text": ["\ud800", object(), NAN, ["a", None], {"a": NAN}, 10**5000],
}

TASK_FILTERS = {
    "project_name": "one or several",
    "batch_name": "one or several",
    "task_type": "one or several",
    "status": "one or several",
    "review_status": "one or several",
    "unique_id": "one or several",
    "completed_after": "time",
    "completed_before": "time",
    "updated_after": "time",
    "updated_before": "time",
    "created_after": "time",
    "created_before": "time",
    "tags": "one or several",
    "include_attachment_url": "optional flag",
}

BATCH_FILTERS = {
    "project_name": "one or several",
    "batch_status": "one or several",
    "created_after": "time",
    "created_before": "time",
    "exclude_archived": "optional flag",
}

#: Each call: its arguments by kind, and further ones that its ``**kwargs`` take.
CALLS: dict[str, dict[str, str]] = {
    "create_task": {"task_type": "segment"},
    "get_task": {"task_id": "segment"},
    "cancel_task": {"task_id": "segment", "clear_unique_id": "optional flag"},
    "audit_task": {"task_id": "segment", "accepted": "flag", "comments": "optional text"},
    "update_task_unique_id": {"task_id": "segment", "unique_id": "text"},
    "clear_task_unique_id": {"task_id": "segment"},
    "set_task_metadata": {"task_id": "segment", "metadata": "object"},
    "set_task_tags": {"task_id": "segment", "tags": "texts"},
    "add_task_tags": {"task_id": "segment", "tags": "texts"},
    "delete_task_tags": {"task_id": "segment", "tags": "texts"},
    "send_task_callback": {"task_id": "segment"},
    "download_response": {"response_url": "link"},
    "tasks": {
        **TASK_FILTERS,
        "limited_response": "optional flag",
        "limit": "page size",
        "next_token": "optional text",
        "project": "one or several",
        "batch": "one or several",
        "type": "one or several",
        "customer_review_status": "one or several",
        "start_time": "time",
        "end_time": "time",
    },
    "get_tasks": {**TASK_FILTERS, "limited_response": "optional flag", "limit": "page size"},
    "get_tasks_count": TASK_FILTERS,
    "create_batch": {
        "project": "text",
        "batch_name": "text",
        "callback": "optional text",
        "calibration_batch": "optional flag",
        "self_label_batch": "optional flag",
        "metadata": "optional object",
    },
    "ensure_batch": {
        "project": "text",
        "batch_name": "text",
        "callback": "optional text",
        "calibration_batch": "optional flag",
        "self_label_batch": "optional flag",
        "metadata": "optional object",
    },
    "finalize_batch": {"batch_name": "segment"},
    "batch_status": {"batch_name": "segment"},
    "get_batch": {"batch_name": "segment"},
    "set_batch_metadata": {"batch_name": "segment", "metadata": "object"},
    "prioritize_batch": {"batch_name": "segment", "priority": "number"},
    "batches": {
        **BATCH_FILTERS,
        "project": "one or several",
        "status": "one or several",
        "start_time": "time",
        "end_time": "time",
        "completed_after": "time",
        "completed_before": "time",
        "audited_after": "time",
        "audited_before": "time",
        "detailed": "optional flag",
        "limit": "page size",
        "offset": "count",
    },
    "get_batches": BATCH_FILTERS,
    "ensure_project": {
        "project_name": "text",
        "task_type": "text",
        "params": "optional object",
        "rapid": "optional flag",
        "studio": "optional flag",
        "dataset_id": "optional text",
    },
    "create_project": {
        "project_name": "text",
        "task_type": "text",
        "params": "optional object",
        "rapid": "optional flag",
        "studio": "optional flag",
        "dataset_id": "optional text",
    },
    "get_project": {"project_name": "segment"},
    "projects": {"archived": "optional flag"},
    "get_projects": {"archived": "optional flag"},
    "get_project_template": {"project_name": "segment"},
    "update_project": {"project_name": "segment", "patch": "optional flag"},
    "upload_file": {
        "file": "file",
        "filename": "optional text",
        "project_name": "form text",
        "display_name": "form text",
        "reference_id": "form text",
        "metadata": "form text",
    },
    "import_file": {"file_url": "text"},
    "list_files": {"project_name": "text", "metadata": "form text", "limit": "page size"},
    "list_teammates": {},
    "invite_teammates": {"emails": "texts", "role": "text"},
    "update_teammates_role": {"emails": "texts", "role": "text"},
    "list_studio_assignments": {},
    "add_studio_assignments": {"emails": "texts", "projects": "texts"},
    "remove_studio_assignments": {"emails": "texts", "projects": "texts"},
    "list_project_groups": {"project": "segment"},
    "create_project_group": {"project": "segment", "emails": "texts", "project_group": "text"},
    "update_project_group": {
        "project": "segment",
        "project_group": "segment",
        "add_emails": "optional texts",
        "remove_emails": "optional texts",
    },
    "list_studio_batches": {},
    "assign_studio_batches": {"batch_name": "segment", "project_groups": "texts"},
    "set_studio_batches_priorities": {"batch_names": "texts"},
    "reset_studio_batches_priorities": {},
    "create_evaluation_task": {"task_type": "segment"},
    "create_training_task": {"task_type": "segment"},
}

#: A good value of each kind, for the arguments that are not tried.
GOOD: dict[str, Callable[[], Any]] = {
    "segment": lambda: "x",
    "text": lambda: "x",
    "texts": lambda: ["x"],
    "optional texts": lambda: ["x"],
    "flag": lambda: True,
    "object": lambda: {"a": 1},
    "number": lambda: 10,
    "link": lambda: "http://127.0.0.1/x",
    "file": lambda: io.BytesIO(b"x"),
    "one or several": lambda: "x",
}

ROWS = [
    (method, argument, kind) for method, kinds in CALLS.items() for argument, kind in kinds.items()
]


class Sent(AssertionError):
    """A request was about to be sent."""


def refuse(request: requests.PreparedRequest) -> object:
    raise Sent(f"{request.method} {request.url}")


def needed(method: str) -> dict[str, Any]:
    """Valid values for the required arguments."""
    if method in {"get_tasks", "get_tasks_count"}:
        return {"project_name": "x"}
    return {
        parameter.name: GOOD[CALLS[method][parameter.name]]()
        for parameter in inspect.signature(getattr(ScaleClient, method)).parameters.values()
        if parameter.name in CALLS[method] and parameter.default is parameter.empty
    }


def make_call(method: str, arguments: dict[str, Any]) -> None:
    result = getattr(client_returning(refuse), method)(**arguments)
    if isinstance(result, Generator):
        next(result)


def test_the_table_covers_every_argument() -> None:
    others = {"api", "close", "with_options"}
    # These have tests of their own.
    others |= {"v2", "v2_get_tasks", "create_tasks", "iter_create_tasks", "create_training_tasks"}
    others |= {"create_evaluation_tasks", "wait_for_tasks", "as_completed"}
    others |= {"export_annotations", "export_tasks", "to_arrow", "iter_arrow"}
    assert set(CALLS) == {name for name in dir(ScaleClient) if not name.startswith("_")} - others
    for method, kinds in CALLS.items():
        parameters = inspect.signature(getattr(ScaleClient, method)).parameters.values()
        assert {
            one.name for one in parameters if one.name != "self" and one.kind != one.VAR_KEYWORD
        } <= set(kinds)


@pytest.mark.parametrize("method", CALLS)
def test_good_arguments_are_sent(method: str) -> None:
    """A check of the test below: a call that rejects everything would pass it."""
    with pytest.raises(Sent):
        make_call(method, needed(method))


@pytest.mark.parametrize(("method", "argument", "kind"), ROWS)
def test_bad_argument(method: str, argument: str, kind: str) -> None:
    """The error names the argument, and nothing is sent, even for generators."""
    for bad in BAD[kind]:
        with pytest.raises(ScaleArgumentError) as caught:
            getattr(client_returning(refuse), method)(**{**needed(method), argument: bad})
        said = (caught.value.argument, str(caught.value))
        assert said[0] in {argument, f"each of {argument}"}, f"{shown(bad)}: {said}"
        assert said[1].startswith(said[0]), f"{shown(bad)}: {said}"
        assert isinstance(caught.value, ValueError)
        assert caught.value.attempts == 0


@pytest.mark.parametrize(
    ("method", "arguments", "named"),
    [
        ("create_task", {"attachment": object()}, "attachment"),
        ("create_task", {"priority": float("inf")}, "priority"),
        ("create_task", {"tags": {"a set"}}, "tags"),
        ("create_evaluation_task", {"expected_response": b"x"}, "expected_response"),
        ("create_training_task", {"expected_response": object()}, "expected_response"),
        ("update_project", {"ontology": object()}, "ontology"),
        ("import_file", {"metadata": {"a": object()}}, "metadata"),
        ("upload_file", {"metadata": {"a": object()}}, "metadata"),
        ("create_batch", {"metadata": {"a": object()}}, "metadata"),
        ("create_project", {"params": {"a": object()}}, "params"),
    ],
)
def test_the_error_names_a_value_that_is_not_json(
    method: str, arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(ScaleArgumentError, match=rf"^{named} must be JSON: ") as caught:
        getattr(client_returning(refuse), method)(**{**needed(method), **arguments})
    assert caught.value.argument == named


@pytest.mark.parametrize(
    ("method", "name"),
    [("tasks", "projec"), ("tasks", "batch_status"), ("batches", "unique_id"), ("batches", "tags")],
)
def test_the_error_names_an_unknown_filter(method: str, name: str) -> None:
    with pytest.raises(ScaleArgumentError, match=f"^{name} is an illegal parameter"):
        getattr(client_returning(refuse), method)(**{name: "x"})


def test_rejects_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^file cannot be opened"):
        client_returning(refuse).upload_file(tmp_path)
