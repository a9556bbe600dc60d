"""The card of a v2 task: a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .facts import object_card, value
from .folding import json_text
from .html import Html, element, folded, joined, link, preformatted, table
from .redaction import items
from .tables import tabled
from .values import heading, plain, shortened

__all__ = ["conversation_card"]

_FIRST = ("project", "batch", "created_at", "completed_at", "metadata", "errors")

#: The most characters of a conversation, as HTML, and of one text in it.
_MOST, _TEXT = 16_000, 2_000

_ANNOTATIONS = 20
_FOLD, _VALUE = 1_000, 300

_SPOKEN = "border-left:3px solid rgba(128,128,128,0.5);padding:2px 0 2px 10px;margin:6px 0"
_WRAPPED = "white-space:pre-wrap;overflow-wrap:anywhere;margin:2px 0"


def conversation_card(kind: str, identity: str | None, task: Mapping[str, object]) -> Html:
    """Return the card of a v2 task: its fields, and its messages with their annotations.

    Args:
        kind: The name of its class, such as ``Task``.
        identity: The key of its id.
        task: The JSON of the task.
    """
    names = {key: _name(task[key]) for key in ("project", "batch") if key in task}
    parts = list(_parts(task.get("threads")))
    body = list[Html]()
    left = _MOST
    for part in parts:
        shown = _SHOWN[part.kind](part.json)
        left -= len(shown)
        if left < 0:
            body.append(element("p", f"… {len(parts) - len(body):,} more parts"))
            break
        body.append(shown)
    without = ("threads",) if parts else ()
    return object_card(kind, identity, {**task, **names}, *body, first=_FIRST, without=without)


class _Part(NamedTuple):
    """A part of a conversation.

    Attributes:
        kind: The key of the function in `_SHOWN` that renders it.
        json: Its JSON.
    """

    kind: str
    json: Mapping[str, object]


def _parts(threads: object) -> Iterator[_Part]:
    for number, thread in enumerate(_objects(threads), 1):
        if number > 1:
            yield _Part("thread", {"number": number})
        for turn in _objects(thread.get("turns")):
            for message in _objects(turn.get("messages")):
                yield _Part("message", message)
            if turn.get("annotations") or turn.get("rubrics"):
                yield _Part("about", turn)
        if thread.get("annotations") or thread.get("submissions"):
            yield _Part("about", thread)


def _thread(json: Mapping[str, object]) -> Html:
    return element("h5", f"Thread {json['number']}", style="margin:12px 0 4px")


def _message(message: Mapping[str, object]) -> Html:
    content = message.get("content")
    content = content if isinstance(content, dict) else {"text": content}
    reasoning = content.get("reasoning")
    reasoning = reasoning if isinstance(reasoning, list) else [reasoning]
    role = plain(message.get("role")) or "?"
    who: list[str] = [element("strong", role)]
    if (source := plain(message.get("source_id"))) and source != role:
        who.append(element("small", source))
    parts = [element("div", joined(who, " "))]
    parts += [
        folded("Reasoning", preformatted(_text(one.get("content")))) for one in _objects(reasoning)
    ]
    if text := content.get("text"):
        parts.append(element("div", _text(text), style=_WRAPPED))
    for chunk in _objects(content.get("chunks")):
        piece = chunk.get("text")
        if not (isinstance(text, str) and isinstance(piece, str) and piece in text):
            parts.append(element("div", _text(piece), style=_WRAPPED))
        parts.append(_annotations(chunk.get("annotations")))
    parts += map(_file, _objects(content.get("attachments")))
    parts.append(_rest("reference_texts", content.get("reference_texts")))
    parts.append(_annotations(message.get("annotations")))
    parts += [_rest(key, message.get(key)) for key in ("rubric_evaluations", "model_parameters")]
    return element("div", *parts, style=_SPOKEN)


def _about(json: Mapping[str, object]) -> Html:
    """Return the annotations of a whole turn or thread."""
    parts = [_annotations(json.get("annotations"))]
    parts += [_rest(key, json.get(key)) for key in ("rubrics", "submissions")]
    return element("div", *parts)


_SHOWN = {"thread": _thread, "message": _message, "about": _about}


def _annotations(json: object) -> Html:
    annotations = list(_objects(json))
    if not annotations:
        return Html()
    rows = [(_named(one), _judged(one)) for one in annotations[:_ANNOTATIONS]]
    if more := len(annotations) - len(rows):
        rows.append((f"… {more:,} more", Html()))
    return table("", (), rows)


def _named(annotation: Mapping[str, object]) -> str:
    title = annotation.get("title")
    name = title if isinstance(title, str) else plain(annotation.get("key"))
    return shortened(name, 80) or plain(annotation.get("type")) or "?"


def _judged(annotation: Mapping[str, object]) -> Html:
    """Return the value of an annotation, or why it has none, and its justification."""
    json = dict(items(annotation)).get("value")
    short = value(json)
    parts = [tabled(json, _VALUE) if short is None or isinstance(json, dict) else short]
    parts += [
        joined([heading(key).lower()])
        for key in ("not_applicable", "cannot_assess")
        if annotation.get(key) is True
    ]
    if justification := plain(annotation.get("justification")):
        parts.append(element("em", justification))
    return joined([part for part in parts if part], "; ")


def _file(json: Mapping[str, object]) -> Html:
    url = next((u for u in (json.get("url"), json.get("scale_url")) if isinstance(u, str)), "")
    name = plain(json.get("name")) or shortened(url, 80) or plain(json.get("mime_type")) or "file"
    return element("div", "Attachment: ", link(url, name))


def _rest(key: str, json: object) -> Html:
    return folded(heading(key), tabled(json, _FOLD)) if json else Html()


def _text(json: object) -> str:
    return shortened(json, _TEXT) if isinstance(json, str) else json_text(json, _FOLD)


def _name(json: object) -> object:
    """Return the name of an expanded object, or the id of one that is not expanded."""
    return json.get("name", json) if isinstance(json, dict) else json


def _objects(json: object) -> Iterator[Mapping[str, object]]:
    return (one for one in json if isinstance(one, dict)) if isinstance(json, list) else iter(())
