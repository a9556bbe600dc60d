"""Optional parts of conversations, selected with ``opts``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..base.documents import JsonObject, is_array, is_object

OPTS = ("annotation_details", "attachment_details", "model_parameters", "submissions")
"""Values of ``opts``."""

_OPTIONAL = ("model_parameters", "submissions")
_ANNOTATION = ("key", "value")
_FILE = ("content", "scale_url", "url")
_PLAIN = (str, int, float, type(None))


def without_parts(response: JsonObject, opts: Collection[str]) -> JsonObject:
    """Return a response without the parts that were not requested."""
    return response if set(OPTS) <= set(opts) else _shown(response, opts)


def _shown(value: Any, opts: Collection[str]) -> Any:
    if is_array(value):
        return [one if isinstance(one, _PLAIN) else _shown(one, opts) for one in value]
    if not is_object(value):
        return value
    shown = {
        name: entry if isinstance(entry, _PLAIN) else _shown(entry, opts)
        for name, entry in value.items()
        if name not in _OPTIONAL or name in opts
    }
    if "attachment_details" not in opts:
        _shorten(shown, "attachments", _FILE)
        if shown.get("type") == "file":
            _shorten(shown, "value", _FILE)
    if "annotation_details" not in opts:
        _shorten(shown, "annotations", _ANNOTATION)
    return shown


def _shorten(shown: JsonObject, field: str, names: Collection[str]) -> None:
    """Keep only the named fields of the object, or of each object, in a field."""
    value = shown.get(field)
    if is_array(value):
        shown[field] = [_some(one, names) for one in value]
    elif value is not None:
        shown[field] = _some(value, names)


def _some(value: object, names: Collection[str]) -> object:
    return {name: value[name] for name in names if name in value} if is_object(value) else value
