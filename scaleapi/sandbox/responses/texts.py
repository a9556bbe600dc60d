"""Canned responses of text, audio and document tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.documents import JsonObject
from .context import ResponseContext

_WORDS = ("test", "response")


def categorization(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Choose a random category."""
    category = context.label(params["categories"])
    ids: JsonObject = params.get("category_ids") or {}
    identity = next((key for key, name in ids.items() if name == category), None)
    response: JsonObject = {"category": category, "category_id": identity}
    if not params.get("allow_multiple"):
        return response
    return {name: None if value is None else [value] for name, value in response.items()}


def comparison(params: JsonObject, _context: ResponseContext) -> JsonObject:
    """Choose the first of the attachments."""
    response: JsonObject = {}
    if params.get("choices"):
        response["choice"] = params["choices"][0]
    if params.get("fields"):
        response["fields"] = _test_responses(params["fields"])
    return response


def transcription(params: JsonObject, _context: ResponseContext) -> JsonObject:
    """Fill in every field."""
    repeatable = params.get("repeatable_fields")
    return {
        "fields": _test_responses(params.get("fields") or {}),
        "repeatable_fields": [_test_responses(repeatable)] if repeatable else [],
    }


def data_collection(params: JsonObject, _context: ResponseContext) -> JsonObject:
    """Fill in every field."""
    return {"fields": _test_responses(params["fields"]), "time_spent_in_seconds": 15}


def _test_responses(fields: Mapping[str, Any]) -> JsonObject:
    return dict.fromkeys(fields, "test response")


def text_collection(params: JsonObject, _context: ResponseContext) -> JsonObject:
    """Fill in every field according to its type.

    Older programs read ``responses``: an entry per required response.
    """
    annotations = _collect(params["fields"])
    entry = {"type": "text", "output": "test response", "annotations": annotations}
    return {"annotations": annotations, "responses": [entry] * params["responses_required"]}


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
        return [choice["value"] for choice in field["choices"][: max(1, _min_choices(field))]]
    if kind == "field_set":
        return _collect(field["fields"])
    if kind == "ranking":
        return field.get("options", [])
    if kind == "number":
        return field.get("min", 0)
    return _PLAIN_VALUES.get(kind, "test response")


def _min_choices(field: JsonObject) -> int:
    return int(field.get("min_choices") or 0)


_PLAIN_VALUES: Mapping[str, object] = {"boolean": True, "datetime": "2024-01-01T00:00:00.000Z"}


def entities(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Mark the first word of the text."""
    text = params["text"]
    word = text.split()[0] if text.split() else ""
    start = text.find(word)
    entity = {
        "id": context.uuid(),
        "start": start,
        "end": start + len(word),
        "text": word,
        "label": context.label(params["labels"]),
    }
    return {"annotations": [entity], "relationships": []}


def audio_transcription(_params: JsonObject, _context: ResponseContext) -> JsonObject:
    """Transcribe two words of half a second each."""
    alignment = [
        {"word": word, "start": place / 2, "end": (place + 1) / 2, "confidence": 1.0}
        for place, word in enumerate(_WORDS)
    ]
    transcript = " ".join(_WORDS)
    return {"transcript": transcript, "duration": len(_WORDS) / 2, "alignment": alignment}


def chat(_params: JsonObject, _context: ResponseContext) -> JsonObject:
    """Return one message."""
    return {"responses": [{"type": "text", "output": "test response"}]}


def document(params: JsonObject, context: ResponseContext) -> JsonObject:
    """Find every feature once, on the first page."""
    pages = params.get("attachments") or [params.get("attachment")]
    canvas = context.canvas(pages[0])
    annotations: list[JsonObject] = []
    for feature in params["features"]:
        left, top, width, height = canvas.area()
        box = {"type": "box", "left": left, "top": top, "width": width, "height": height}
        annotations.append(
            {
                "uuid": context.uuid(),
                "page": 0,
                "label": _feature_label(feature),
                "text": "test response",
                "location": box,
                "refs": [],
            }
        )
    return {"annotations": annotations}


def _feature_label(feature: object) -> object:
    if not isinstance(feature, dict):
        return feature
    return feature.get("label") or feature.get("type")
