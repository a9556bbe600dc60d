"""What a person can do to a task, by the same code as the control surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..base.documents import JsonObject
from ..base.errors import Refusal, bad
from ..base.validation import json_object, parse_json
from ..control import task_actions
from ..resources.transaction import World
from ..rules import lifecycle
from ..service import Service


class Action(NamedTuple):
    """Something to do to a task.

    Attributes:
        title: What its button says.
        done: What the page says afterwards.
        check: Raises a `Refusal` if the task does not allow it, and changes nothing.
        act: Does it to a task by its id, with the text that was typed.
        field: What is typed: ``response``, ``comment`` or ``error``; nothing if empty.
    """

    title: str
    done: str
    check: Callable[[World, JsonObject], object]
    act: Callable[[Service, str, str], object]
    field: str = ""


def possible(world: World, task: JsonObject) -> list[str]:
    """Return the names of the actions that a task allows as it is."""
    return [name for name, action in ACTIONS.items() if _allows(action, world, task)]


def _allows(action: Action, world: World, task: JsonObject) -> bool:
    try:
        action.check(world, task)
    except Refusal:
        return False
    return True


def _response(text: str) -> JsonObject:
    """Read a response that a person has typed."""
    try:
        return json_object(parse_json(text.encode(errors="replace")), "The response")
    except Refusal as refusal:
        raise bad(refusal.error.replace("The request body", "The response")) from None


def _complete(service: Service, task_id: str, text: str) -> None:
    task_actions.complete(service, task_id, _response(text) if text.strip() else None)


def _fail(service: Service, task_id: str, text: str) -> None:
    task_actions.fail(service, task_id, text.strip() or lifecycle.ATTACHMENT_ERROR)


def _check_complete(world: World, task: JsonObject) -> None:
    world.check_at_work(task)
    lifecycle.complete(task, None, world.now)


def _check_start(world: World, task: JsonObject) -> None:
    lifecycle.start_work(task, world.now)
    world.check_at_work(task)
    if task["work_started"]:
        raise bad("Work on the task has begun.")


def _check_cancel(world: World, task: JsonObject) -> None:
    lifecycle.cancel(task, world.now, clear_unique_id=False)
    if task["status"] == "canceled":
        raise bad("The task is canceled.")


def _check_audit(world: World, task: JsonObject) -> None:
    lifecycle.audit(task, accepted=True, comment=None, now=world.now)


ACTIONS = {
    "complete": Action(
        "Complete", "The task is completed.", _check_complete, _complete, "response"
    ),
    "start": Action(
        "Start work",
        "Work on the task has begun.",
        _check_start,
        lambda service, task_id, _: task_actions.start_work(service, task_id),
    ),
    "fail": Action(
        "Fail",
        "The task has failed.",
        lambda world, task: lifecycle.fail(task, "", world.now, clear_unique_id=False),
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
        lambda world, task: lifecycle.fix(task, {}, world.now),
        lambda service, task_id, text: task_actions.fix(service, task_id, _response(text)),
        "response",
    ),
    "recall": Action(
        "Recall",
        "The task is pending again.",
        lambda world, task: lifecycle.recall(task, world.now),
        lambda service, task_id, _: task_actions.recall(service, task_id),
    ),
}
