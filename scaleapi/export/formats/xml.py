"""Writing XML piece by piece, whatever characters a label has."""

from __future__ import annotations

import re

from .json_text import to_json

__all__ = ["attributes_of", "element", "text_of_value"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {
    ord(character): entity
    for character, entity in {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\t": "&#9;",
        "\n": "&#10;",
        "\r": "&#13;",
    }.items()
}


def escaped(value: object) -> str:
    """Return a value as text of an element or attribute."""
    return _NOT_XML.sub("\ufffd", str(value)).translate(_ESCAPES)


def element(name: str, content: object = None, /, **attributes: object) -> str:
    """Return an element.

    Args:
        name: Its name.
        content: Its text; a list of elements; ``None`` for an empty element.
        **attributes: Its attributes.
    """
    start = name + "".join(f' {key}="{escaped(value)}"' for key, value in attributes.items())
    if content is None:
        return f"<{start}/>"
    inside = "".join(content) if isinstance(content, list) else escaped(content)
    return f"<{start}>{inside}</{name}>"


def text_of_value(value: object) -> str:
    """Return the value of an attribute as text: JSON, unless it is a text already."""
    return value if isinstance(value, str) else to_json(value)


def attributes_of(attributes: dict[str, object]) -> list[tuple[str, str]]:
    """Return attributes as texts."""
    return [(name, text_of_value(value)) for name, value in attributes.items()]
