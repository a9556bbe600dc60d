"""Texts of annotations, shortened, with only the characters that XML allows."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["LONGEST_NAME", "describe", "escape", "label_of", "shorten"]

LONGEST_NAME = 32
"""The most characters of a label that are written beside a shape and in the legend."""

_LONGEST = 200
_MOST_ATTRIBUTES = 20
_UNLABELED = "(no label)"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escape(text: str) -> str:
    """Escape a text for XML and HTML, between tags and in attributes."""
    return _NOT_XML.sub("\ufffd", text).translate(_MARKUP)


def shorten(text: str, longest: int = _LONGEST) -> str:
    """Return a text of at most ``longest`` characters, with an ellipsis if it is cut."""
    return text if len(text) <= longest else f"{text[: longest - 1]}\u2026"


def label_of(annotation: dict[object, object]) -> str:
    """Return the label of an annotation."""
    label = annotation.get("label")
    return (_line(_scalar(label)) if label is not None else "") or _UNLABELED


def describe(label: str, annotation: dict[object, object]) -> str:
    """Return a label and the attributes, one per line."""
    return "\n".join([label, *_attributes(annotation.get("attributes"))])


def _line(text: str) -> str:
    """Return a text on one line, without characters that XML does not allow."""
    return " ".join(_NOT_XML.sub("\ufffd", text).split())


def _attributes(attributes: object) -> Iterator[str]:
    if not isinstance(attributes, dict):
        return
    for number, (name, value) in enumerate(attributes.items()):
        if number == _MOST_ATTRIBUTES:
            yield f"and {len(attributes) - number} more"
            return
        yield f"{shorten(_scalar(name))}: {shorten(_value(value))}"


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):  # an attribute of which several may be chosen
        return ", ".join(_scalar(one) for one in value[:_MOST_ATTRIBUTES])
    return _scalar(value)


def _scalar(value: object) -> str:
    """Return a string as it is, and a number, bool or null as in JSON."""
    if isinstance(value, str):
        return shorten(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**18):
        return str(value)
    return "\u2026"  # nested values, and numbers of more digits than Python writes
