"""Canned responses: what a finished task says when nobody has looked at it.

The same task always gets the same response: everything random is drawn from its id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Protocol
from uuid import UUID

from .documents import JsonObject, dumps
from .geometry_parameters import labels
from .images import Size
from .shapes import SHAPES, Canvas

UNKNOWN_SIZE = Size(100, 100)
"""The size that an image is taken for when the sandbox does not have it."""

SizeOf = Callable[[str], "Size | None"]


class Keep(Protocol):
    """Keep a result file and return its link."""

    def __call__(self, file_id: str, mime_type: str, content: bytes) -> str:
        """Keep ``content`` under an id."""
        ...


def canned(task: JsonObject, size_of: SizeOf, keep: Keep) -> JsonObject | None:
    """Return the response of a finished task.

    Args:
        task: The task.
        size_of: Tells the size of the image behind an attachment URL, if it is known.
        keep: Keeps a file that the response links to.

    Returns:
        The response; nothing for a type that completes without one.
    """
    answer = _ANSWERS.get(task["type"], _annotations)
    return answer(task["params"], _Sheet(task["task_id"], size_of, keep))


class _Sheet:
    """What an answer draws from: chance that repeats itself, and the size of the image."""

    def __init__(self, task_id: str, size_of: SizeOf, keep: Keep) -> None:
        self.chance = Random(task_id)  # noqa: S311 (answers, not secrets)
        self.keep = keep
        self._size_of = size_of

    def uuid(self) -> str:
        """Return an id for one annotation."""
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def canvas(self, attachment: object) -> Canvas:
        """Return the area to draw on."""
        size = self._size_of(attachment) if isinstance(attachment, str) else None
        return Canvas(size or UNKNOWN_SIZE, self.chance)


_Answer = Callable[[JsonObject, _Sheet], "JsonObject | None"]


def _annotations(_params: JsonObject, _sheet: _Sheet) -> JsonObject:
    return {"annotations": []}


def _image_annotation(params: JsonObject, sheet: _Sheet) -> JsonObject:
    canvas = sheet.canvas(params.get("attachment"))
    return {
        "annotations": _draw(params, canvas, sheet),
        "links": [],
        "global_attributes": {},
        "is_customer_fix": False,
    }


def _video_annotation(params: JsonObject, sheet: _Sheet) -> JsonObject:
    attachments = params.get("attachments") or [params.get("attachment")]
    annotations = _draw(params, sheet.canvas(attachments[0]), sheet)
    frames = dumps([{"annotations": annotations} for _ in attachments])
    url = sheet.keep(sheet.uuid(), "application/json", frames.encode())
    return {"annotations": {"url": url}}


def _draw(params: JsonObject, canvas: Canvas, sheet: _Sheet) -> list[JsonObject]:
    """Draw one annotation of every geometry that the task asks for."""
    annotations: list[JsonObject] = []
    for kind, geometry in params["geometries"].items():
        annotation: JsonObject = {
            "uuid": sheet.uuid(),
            "type": kind,
            "label": sheet.chance.choice(labels(geometry["objects_to_annotate"])),
            "attributes": {},
        }
        annotations.append(annotation | SHAPES[kind](canvas, geometry))
    # An attribute may point to another annotation, so all of them come first.
    for annotation in annotations:
        annotation["attributes"] = _attributes(params, annotation, annotations, sheet.chance)
    return annotations


def _attributes(
    params: JsonObject, of: JsonObject, annotations: list[JsonObject], chance: Random
) -> JsonObject:
    wanted: JsonObject = params.get("annotation_attributes") or {}
    others = [annotation["uuid"] for annotation in annotations if annotation is not of]
    return {name: _attribute(wish, others, chance) for name, wish in wanted.items()}


def _attribute(wish: JsonObject, others: list[str], chance: Random) -> object:
    kind = wish.get("type", "category")
    if kind == "category":
        choice = chance.choice(labels(wish["choices"]))
        return [choice] if wish.get("allow_multiple") else choice
    if kind in ("number", "angle"):
        low = wish.get("min")
        return 0 if low is None else low
    if kind == "linked":
        return chance.choice(others) if others else None
    return "test response"


def _categorization(params: JsonObject, sheet: _Sheet) -> JsonObject:
    category = sheet.chance.choice(labels(params["categories"]))
    ids: JsonObject = params.get("category_ids") or {}
    identity = next((key for key, name in ids.items() if name == category), None)
    answer: JsonObject = {"category": category, "category_id": identity}
    if not params.get("allow_multiple"):
        return answer
    return {name: None if value is None else [value] for name, value in answer.items()}


def _comparison(params: JsonObject, _sheet: _Sheet) -> JsonObject:
    answer: JsonObject = {}
    if params.get("choices"):
        answer["choice"] = params["choices"][0]
    if params.get("fields"):
        answer["fields"] = _test_responses(params["fields"])
    return answer


def _transcription(params: JsonObject, _sheet: _Sheet) -> JsonObject:
    repeatable = params.get("repeatable_fields")
    return {
        "fields": _test_responses(params.get("fields") or {}),
        "repeatable_fields": [_test_responses(repeatable)] if repeatable else [],
    }


def _data_collection(params: JsonObject, _sheet: _Sheet) -> JsonObject:
    return {"fields": _test_responses(params["fields"]), "time_spent_in_seconds": 15}


def _test_responses(fields: Mapping[str, Any]) -> JsonObject:
    return dict.fromkeys(fields, "test response")


def _text_collection(params: JsonObject, _sheet: _Sheet) -> JsonObject:
    return {"annotations": _collect(params["fields"])}


def _collect(fields: list[JsonObject]) -> JsonObject:
    return {field["field_id"]: _field(field) for field in fields}


def _field(field: JsonObject) -> object:
    value = _value(field)
    if (field.get("max_responses_required") or 1) > 1:
        return [value] * (field.get("min_responses_required") or 1)
    return value


def _value(field: JsonObject) -> object:
    kind = field["type"]
    if kind == "category":
        return [choice["value"] for choice in field["choices"][: max(1, _least_choices(field))]]
    if kind == "field_set":
        return _collect(field["fields"])
    if kind == "ranking":
        return field.get("options", [])
    if kind == "number":
        return field.get("min", 0)
    return _PLAIN_VALUES.get(kind, "test response")


def _least_choices(field: JsonObject) -> int:
    return int(field.get("min_choices") or 0)


_PLAIN_VALUES: Mapping[str, object] = {"boolean": True, "datetime": "2024-01-01T00:00:00.000Z"}


def _entities(params: JsonObject, sheet: _Sheet) -> JsonObject:
    text = params["text"]
    word = text.split()[0] if text.split() else ""
    start = text.find(word)
    entity = {
        "id": sheet.uuid(),
        "start": start,
        "end": start + len(word),
        "text": word,
        "label": sheet.chance.choice(labels(params["labels"])),
    }
    return {"annotations": [entity], "relationships": []}


def _nothing(_params: JsonObject, _sheet: _Sheet) -> None:
    return None


_ANSWERS: Mapping[str, _Answer] = {
    "categorization": _categorization,
    "comparison": _comparison,
    "datacollection": _data_collection,
    "imageannotation": _image_annotation,
    "namedentityrecognition": _entities,
    "pointannotation": _nothing,
    "textcollection": _text_collection,
    "transcription": _transcription,
    "videoannotation": _video_annotation,
}
