"""What every card contains: the name and state of an object, and a table of its fields."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from .folding import json_text, one_line
from .html import Html, element, folded, joined, link, preformatted, table
from .redaction import items
from .values import MOST, heading, moment, plain, shortened

__all__ = ["badge", "color_of", "object_card", "title", "value"]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")

#: White text is readable on each of these, on light and on dark pages.
_COLORS = {
    "completed": "#1a7f37",
    "accepted": "#1a7f37",
    "fixed": "#1a7f37",
    "pending": "#59636e",
    "staging": "#59636e",
    "in_progress": "#0b5cad",
    "paused": "#8a5a00",
    "commented": "#8a5a00",
    "error": "#b3261e",
    "rejected": "#b3261e",
    "canceled": "#6e5494",
    "cancelled": "#6e5494",
}

#: The most rows of the table, the most folded fields, and the most characters of a folded field.
_ROWS, _FOLDS, _FOLD = 40, 5, 4_000


def object_card(
    kind: str,
    identity: str | None,
    json: Mapping[str, object],
    *body: str,
    first: Collection[str] = (),
    without: Collection[str] = (),
    first_body: bool = False,
) -> Html:
    """Return the card of an object.

    Short values are in a table, long ones are folded below it, and empty ones are left out.

    Args:
        kind: The name of its class, such as ``StudioBatch``.
        identity: The key of its name or id.
        json: The JSON of the object.
        *body: HTML between the table and the folded fields.
        first: The most important keys, in this order. If given, all others are folded.
        without: Keys to leave out, because they are shown elsewhere.
        first_body: Whether the body is above the table.
    """
    json = {key: item for key, item in items(json) if isinstance(key, str)}
    name = None if identity is None else json.get(identity)
    status = json.get("status")
    elsewhere = {*without, identity, "status" if isinstance(status, str) else identity}
    rows: list[tuple[str, Html]] = []
    more: list[tuple[str, Html]] = []
    long: dict[str, object] = {}
    for key in dict.fromkeys([*(key for key in first if key in json), *json]):
        if key in elsewhere:
            continue
        short = value(json[key]) if len(rows) + len(more) < _ROWS else None
        if short is None:
            long[key] = json[key]
        elif short:
            (rows if key in first or not first else more).append((heading(key), short))
    shown = [*body, _facts(rows)] if first_body else [_facts(rows), *body]
    parts = [title(kind, name, status), *shown, *_folds(long)]
    if more:
        parts.append(folded(f"More facts ({len(more)})", _facts(more)))
    return element("div", *parts, style="max-width:800px;margin:4px 0")


def title(kind: str, name: object, status: object = None) -> Html:
    """Return the heading of a card."""
    parts: list[str] = [heading(kind)]
    if (shown := plain(name)) and not isinstance(name, (dict, list)):
        parts.append(element("code", shown))
    if isinstance(status, str):
        parts.append(badge(status))
    return element("h4", joined(parts, " "), style="margin:0 0 4px")


def badge(status: str) -> Html:
    """Return a state on the color that goes with it."""
    style = (
        f"background:{color_of(status)};color:#fff;border-radius:8px;padding:1px 8px;font-size:85%"
    )
    return element("span", shortened(status, 40).replace("_", " "), style=style)


def color_of(status: str) -> str:
    """Return the color of a state, on which white text is readable."""
    return _COLORS.get(status, "#59636e")


def value(json: object) -> Html | None:
    """Return a value for a table cell, ``None`` if it is too long for one."""
    if isinstance(json, str):
        return _text(json)
    if not isinstance(json, (dict, list)):
        return joined([plain(json)])
    if not json:
        return Html()
    if isinstance(json, list) and len(json) <= 20 and all(isinstance(one, str) for one in json):
        return joined([element("code", plain(one)) for one in json], ", ")
    line = one_line(json)
    return None if line is None else element("code", line)


def _facts(rows: Sequence[tuple[str, Html]]) -> Html:
    return table("", (), rows) if rows else Html()


def _text(text: str) -> Html | None:
    if len(text) > MOST or "\n" in text:
        return None
    if _TIME.match(text):
        return moment(text)
    return link(text, plain(text))


def _folds(long: Mapping[str, object]) -> Iterable[Html]:
    for key, json in list(long.items())[:_FOLDS]:
        text = shortened(json, _FOLD) if isinstance(json, str) else json_text(json, _FOLD)
        yield folded(f"{heading(key)}{_extent(json)}", preformatted(text))
    if rest := dict(list(long.items())[_FOLDS:]):
        yield folded(f"More ({len(rest):,})", preformatted(json_text(rest, _FOLD)))


def _extent(json: object) -> str:
    if isinstance(json, list):
        return f" ({len(json):,})"
    return ""
