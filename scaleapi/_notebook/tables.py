"""JSON values as text and tables, for people who do not read JSON."""

from __future__ import annotations

from .facts import value
from .folding import json_text
from .html import Html, element, preformatted, table
from .redaction import items
from .values import heading, plain, shortened

__all__ = ["tabled"]

_ROWS, _DEEPEST = 12, 3


def tabled(json: object, most: int) -> Html:
    """Return an object as a table of names and values, a list as a list, and a text as it is.

    Args:
        json: The JSON.
        most: About how many characters to write of one value.
    """
    return _shown(json, most, 0)


def _shown(json: object, most: int, depth: int) -> Html:
    if isinstance(json, str):
        text = shortened(json, most)
        return element("div", text, style="white-space:pre-wrap;overflow-wrap:anywhere")
    if not isinstance(json, (dict, list)) or not json:
        return value(json) or Html()
    if depth == _DEEPEST:
        return preformatted(json_text(json, most))
    if isinstance(json, list):
        found = [element("li", _shown(one, most, depth + 1)) for one in json[:_ROWS]]
        if more := len(json) - len(found):
            found.append(element("li", f"… {more:,} more"))
        return element("ol", *found, style="margin:0;padding-left:20px")
    named = [*items(json)]
    rows = [
        (heading(name) if isinstance(name, str) else plain(name), _shown(one, most, depth + 1))
        for name, one in named[:_ROWS]
    ]
    if more := len(named) - len(rows):
        rows.append((f"… {more:,} more", Html()))
    return table("", (), rows)
