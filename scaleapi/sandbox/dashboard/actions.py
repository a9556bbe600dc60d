"""Actions on a task; they run the same code as the control API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from ..base.documents import JsonObject
from ..base.errors import Refusal, bad_request
from ..base.validation import json_object, parse_json
from ..control import task_actions
from ..resources.transaction import Transaction
from ..rules import lifecycle
from ..service import Service

NOT_JSON = "The response is not valid JSON"


class Action(NamedTuple):
    """An action on a task.

    Attributes:
        title: The label of its button.
        done: The message shown after it.
        check: Raises a `Refusal` if the task does not allow it; changes nothing.
        act: Performs it on the task with this id, with the text from the form.
        field: What its text field holds: ``response``, ``comment`` or ``error``; empty for no
            field.
    """

    title: str
    done: str
    check: Callable[[Transaction, JsonObject], object]
    act: Callable[[Service, str, str], object]
    field: str = ""


def possible(tx: Transaction, task: JsonObject) -> list[str]:
    """Return the names of the actions that the task currently allows."""
    return [name for name, action in ACTIONS.items() if _allows(action, tx, task)]


def _allows(action: Action, tx: Transaction, task: JsonObject) -> bool:
    try:
        action.check(tx, task)
    except Refusal:
        return False
    return True


def _response(text: str) -> JsonObject:
    """Parse a response from the form; an error says which line is wrong."""
    try:
        return json_object(parse_json(text.encode(errors="replace")), "The response")
    except Refusal as refusal:
        where = _mistake(text)
        problem = refusal.error.replace("The request body", "The response")
        raise bad_request(problem if where is None else f"{NOT_JSON}: {where}.") from None


def _mistake(text: str) -> str | None:
    """Return where a text stops being JSON and why; None if that is not known."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        return f"line {error.lineno}, column {error.colno}: {reason}"
    except RecursionError:
        return "it is nested too deeply"
    except ValueError:  # an integer with too many digits
        return None
    return None


def _complete(service: Service, task_id: str, text: str) -> None:
    task_actions.complete(service, task_id, _response(text) if text.strip() else None)


def _fail(service: Service, task_id: str, text: str) -> None:
    task_actions.fail(service, task_id, text.strip() or lifecycle.ATTACHMENT_ERROR)


def _check_complete(tx: Transaction, task: JsonObject) -> None:
    tx.check_workable(task)
    lifecycle.complete(task, None, tx.now)


def _check_start(tx: Transaction, task: JsonObject) -> None:
    lifecycle.start_work(task, tx.now)
    tx.check_workable(task)
    if task["work_started"]:
        raise bad_request("Work on the task has already started.")


def _check_cancel(tx: Transaction, task: JsonObject) -> None:
    lifecycle.cancel(task, tx.now, clear_unique_id=False)
    if task["status"] == "canceled":
        raise bad_request("The task is already canceled.")


def _check_audit(tx: Transaction, task: JsonObject) -> None:
    lifecycle.audit(task, accepted=True, comment=None, now=tx.now)


ACTIONS = {
    "complete": Action(
        "Complete", "The task is completed.", _check_complete, _complete, "response"
    ),
    "start": Action(
        "Start work",
        "Work on the task has started.",
        _check_start,
        lambda service, task_id, _: task_actions.start_work(service, task_id),
    ),
    "fail": Action(
        "Fail",
        "The task has failed.",
        lambda tx, task: lifecycle.fail(task, "", tx.now, clear_unique_id=False),
        _fail,
        "error",
    ),
    "cancel": Action(
        "Cancel task",
        "The task is canceled.",
        _check_cancel,
        lambda service, task_id, _: task_actions.cancel(service, task_id),
    ),
    "accept": Action(
        "Accept",
        "The response is accepted.",
        _check_audit,
        lambda service, task_id, text: task_actions.audit(
            service, task_id, accepted=True, comment=text.strip() or None
        ),
        "comment",
    ),
    "reject": Action(
        "Reject",
        "The response is rejected.",
        _check_audit,
        lambda service, task_id, text: task_actions.audit(
            service, task_id, accepted=False, comment=text.strip() or None
        ),
        "comment",
    ),
    "fix": Action(
        "Fix response",
        "The response is fixed.",
        lambda tx, task: lifecycle.fix(task, {}, tx.now),
        lambda service, task_id, text: task_actions.fix(service, task_id, _response(text)),
        "response",
    ),
    "recall": Action(
        "Recall",
        "The task is pending again.",
        lambda tx, task: lifecycle.recall(task, tx.now),
        lambda service, task_id, _: task_actions.recall(service, task_id),
    ),
}
