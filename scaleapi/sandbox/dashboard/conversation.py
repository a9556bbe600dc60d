"""What is said in a chat task, as the v2 API tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..base.documents import JsonObject, is_array, is_object
from ..rules.task_types import GENERATIVE_TYPES
from ..v2.views import response

_MOST = 200


class Message(NamedTuple):
    """What somebody says, and who it is: a role, and the model or person if that is known."""

    role: str
    source: str
    text: str


def messages(task: JsonObject) -> list[Message]:
    """Return the first messages of a task, none if it is not a completed one of a chat type.

    The threads may be what a person has typed: what is no message is left out.
    """
    if task["type"] not in GENERATIVE_TYPES or task["status"] != "completed":
        return []
    found = [
        Message(_text(message.get("role")) or "?", _text(message.get("source_id")), _said(message))
        for thread in _objects(response(task).get("threads"))
        for turn in _objects(thread.get("turns"))
        for message in _objects(turn.get("messages"))
    ]
    return found[:_MOST]


def _said(message: JsonObject) -> str:
    content = message.get("content")
    return _text(content.get("text") if is_object(content) else content)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: object) -> Iterator[JsonObject]:
    return filter(is_object, value) if is_array(value) else iter(())
