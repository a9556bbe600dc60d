"""Messages of a chat task, as the v2 API returns them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..base.documents import JsonObject, is_array, is_object
from ..rules.task_types import GENERATIVE_TYPES
from ..v2.views import response

_MOST = 200


class Message(NamedTuple):
    """A message: its role, its source (a model or person, if known) and its text."""

    role: str
    source: str
    text: str


def messages(task: JsonObject) -> list[Message]:
    """Return the first messages of a completed chat task; an empty list for any other task.

    Threads may have been entered by hand, so anything malformed is skipped.
    """
    if task["type"] not in GENERATIVE_TYPES or task["status"] != "completed":
        return []
    found = [
        Message(
            _text(message.get("role")) or "?", _text(message.get("source_id")), _content(message)
        )
        for thread in _objects(response(task).get("threads"))
        for turn in _objects(thread.get("turns"))
        for message in _objects(turn.get("messages"))
    ]
    return found[:_MOST]


def _content(message: JsonObject) -> str:
    content = message.get("content")
    return _text(content.get("text") if is_object(content) else content)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: object) -> Iterator[JsonObject]:
    return filter(is_object, value) if is_array(value) else iter(())
