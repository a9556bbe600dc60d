"""The parts of a conversation that are shown only when they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ..documents import JsonObject, is_array, is_object

OPTS = ("annotation_details", "attachment_details", "model_parameters", "submissions")
"""What may be asked for."""

_WHOLE = ("model_parameters", "submissions")
_ANNOTATION = ("key", "value")
_FILE = ("content", "scale_url", "url")


def without_parts(value: Any, opts: Collection[str]) -> Any:
    """Return (a part of) a response without what is not asked for."""
    if is_array(value):
        return [without_parts(entry, opts) for entry in value]
    if not is_object(value):
        return value
    hidden = [name for name in _WHOLE if name not in opts]
    shown = {
        name: without_parts(entry, opts) for name, entry in value.items() if name not in hidden
    }
    if "attachment_details" not in opts:
        _shorten_files(shown)
    if "annotation_details" not in opts and is_array(shown.get("annotations")):
        shown["annotations"] = [_some(entry, _ANNOTATION) for entry in shown["annotations"]]
    return shown


def _shorten_files(shown: JsonObject) -> None:
    """Leave out the facts of attachments, and of the files that an annotation holds."""
    if is_array(shown.get("attachments")):
        shown["attachments"] = [_some(entry, _FILE) for entry in shown["attachments"]]
    if shown.get("type") == "file":
        value = shown.get("value")
        shown["value"] = (
            [_some(entry, _FILE) for entry in value] if is_array(value) else _some(value, _FILE)
        )


def _some(value: object, names: Iterable[str]) -> object:
    return {name: value[name] for name in names if name in value} if is_object(value) else value
