"""Messages of a chat task with their ratings, as the v2 API returns them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..base.documents import JsonObject, is_array, is_object
from ..rules.task_types import GENERATIVE_TYPES
from ..v2.views import response
from .page import indented

_MOST = 200
_LONGEST, _WIDEST, _DEEPEST = 300, 20, 3


class Rating(NamedTuple):
    """An annotation: its title, and its value as text."""

    title: str
    value: str


class Part(NamedTuple):
    """A message, or the ratings of a whole turn or thread.

    Attributes:
        role: The role of a message; ``turn`` or ``thread`` for those.
        source: A model or person, if known.
        text: The text of a message.
        ratings: The annotations.
    """

    role: str
    source: str
    text: str
    ratings: list[Rating]


def conversation(task: JsonObject) -> list[Part]:
    """Return the first parts of a completed chat task; an empty list for any other task.

    Threads may have been entered by hand, so anything malformed is skipped.
    """
    if task["type"] not in GENERATIVE_TYPES or task["status"] != "completed":
        return []
    parts = [part for thread in _objects(response(task).get("threads")) for part in _thread(thread)]
    return parts[:_MOST]


def _thread(thread: JsonObject) -> Iterator[Part]:
    for turn in _objects(thread.get("turns")):
        criteria = _criteria(turn)
        for message in _objects(turn.get("messages")):
            role, source = _text(message.get("role")) or "?", _text(message.get("source_id"))
            yield Part(role, source, _content(message), _ratings(message, criteria))
        yield from _whole("turn", _ratings(turn, criteria))
    yield from _whole("thread", _ratings(thread, {}))


def _whole(name: str, ratings: list[Rating]) -> Iterator[Part]:
    if ratings:
        yield Part(name, "", "", ratings)


def _criteria(turn: JsonObject) -> dict[str, str]:
    """Return the texts of the rubric criteria of a turn by id."""
    return {
        _text(one.get("id")): _text(one.get("description"))
        for one in _objects(turn.get("annotations"))
        if one.get("type") == "rubric_criteria"
    }


def _ratings(part: JsonObject, criteria: dict[str, str]) -> list[Rating]:
    return [_rating(one, criteria) for one in _objects(part.get("annotations"))]


def _rating(annotation: JsonObject, criteria: dict[str, str]) -> Rating:
    title = _text(annotation.get("title")) or _text(annotation.get("key")) or "?"
    kind, value = annotation.get("type"), annotation.get("value")
    if kind == "rubric_rating" and is_object(value):
        metadata = annotation.get("metadata")
        criterion = metadata.get("criteria") if is_object(metadata) else None
        if is_object(criterion):
            title = _text(criterion.get("description")) or title
        elif isinstance(criterion, str):
            title = criteria.get(criterion) or title
        justification = _text(value.get("justification"))
        return Rating(title, _value(value.get("score")) + (justification and f": {justification}"))
    if kind == "rubric_criteria" and is_object(value):
        weight = f"weight {_value(value.get('weight'))}"
        return Rating(_text(annotation.get("description")) or title, weight)
    if kind in ("ranked_choices", "ranked_groups") and is_array(value):
        return Rating(title, " > ".join(map(_value, value)))
    numbers = annotation.get("possible_values")
    if kind == "integer" and is_array(numbers) and numbers:
        return Rating(title, f"{_value(value)} of {_value(numbers[-1])}")
    return Rating(title, _value(value))


def _value(value: object, depth: int = 0) -> str:
    """Return a value as short text."""
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, str):
        text = value
    elif is_array(value):
        text = ", ".join(_value(one, depth + 1) for one in value[:_WIDEST])
    elif is_object(value) and isinstance(value.get("text"), str):
        label = _text(value.get("label"))
        text = f"{value['text']} ({label})" if label else value["text"]
    elif is_object(value) and isinstance(value.get("name"), str):
        text = value["name"]
    else:
        text = " ".join(indented(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _content(message: JsonObject) -> str:
    content = message.get("content")
    return _text(content.get("text") if is_object(content) else content)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: object) -> Iterator[JsonObject]:
    return filter(is_object, value) if is_array(value) else iter(())
