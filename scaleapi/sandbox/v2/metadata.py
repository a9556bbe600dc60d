"""Changing metadata."""

from __future__ import annotations

from ..base.documents import JsonObject, is_object
from ..base.validation import boolean, metadata


def changed_metadata(before: JsonObject, body: JsonObject) -> JsonObject:
    """Return metadata after a request to replace it or merge into it.

    Raises:
        Refusal: If it is not an object, or too large (400).
    """
    given = metadata(body.get("metadata"))
    return metadata(_merged(before, given)) if boolean(body, "merge") else given


def _merged(before: JsonObject, given: JsonObject) -> JsonObject:
    merged = dict(before)
    for name, value in given.items():
        old = merged.get(name)
        merged[name] = _merged(old, value) if is_object(old) and is_object(value) else value
    return merged
