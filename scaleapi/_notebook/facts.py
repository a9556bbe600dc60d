"""The part that every card has: which object it is, its state, and the facts about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from .folding import json_text, one_line
from .html import Html, element, folded, joined, link, preformatted, table
from .values import MOST, heading, moment, plain, shortened

__all__ = ["badge", "object_card", "title", "value"]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")

#: White on these can be read, on a light page and on a dark one.
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

#: How many facts have a line each, how many are folded one by one, and the size of a folded one.
_ROWS, _FOLDS, _FOLD = 40, 5, 4_000


def object_card(
    kind: str,
    identity: str | None,
    json: Mapping[str, object],
    *body: str,
    first: Collection[str] = (),
    without: Collection[str] = (),
) -> Html:
    """Return the card of an object.

    Short values stand in a table, long ones are folded below it, and empty ones are left out.

    Args:
        kind: What it is, such as ``StudioBatch``.
        identity: The key that tells which one it is.
        json: The object.
        *body: What stands between the table and what is folded.
        first: Keys that matter most, in this order; the others are folded then.
        without: Keys that are shown elsewhere.
    """
    name = None if identity is None else json.get(identity)
    status = json.get("status")
    elsewhere = {*without, identity, "status" if isinstance(status, str) else identity}
    rows: list[tuple[str, Html]] = []
    more: list[tuple[str, Html]] = []
    long: dict[str, object] = {}
    for key in dict.fromkeys([*(key for key in first if key in json), *json]):
        if key in elsewhere:
            continue
        short = value(json[key], plain(key)) if len(rows) + len(more) < _ROWS else None
        if short is None:
            long[key] = json[key]
        elif short:
            (rows if key in first or not first else more).append((heading(plain(key)), short))
    parts = [title(kind, name, status), _facts(rows), *body, *_folds(long)]
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
    """Return a state, in a colour that says the same for those who see it."""
    color = _COLORS.get(status, "#59636e")
    style = f"background:{color};color:#fff;border-radius:8px;padding:1px 8px;font-size:85%"
    return element("span", shortened(status, 40).replace("_", " "), style=style)


def value(json: object, key: str) -> Html | None:
    """Return a value as it stands in a table: empty if it is, ``None`` if it is too long."""
    if isinstance(json, str):
        return _text(json, key)
    if not isinstance(json, (dict, list)):
        return joined([plain(json, key)])
    if not json:
        return Html()
    if isinstance(json, list) and len(json) <= 20 and all(isinstance(one, str) for one in json):
        return joined([element("code", plain(one, key)) for one in json], ", ")
    line = one_line(json, key)
    return None if line is None else element("code", line)


def _facts(rows: Sequence[tuple[str, Html]]) -> Html:
    return table("", (), rows) if rows else Html()


def _text(text: str, key: str) -> Html | None:
    if len(text) > MOST or "\n" in text:
        return None
    if _TIME.match(text):
        return moment(text)
    shown = plain(text, key)
    # What is hidden from people must not come back as the end of a link.
    return link(text, shown) if shown == text else joined([shown])


def _folds(long: Mapping[str, object]) -> Iterable[Html]:
    for key, json in list(long.items())[:_FOLDS]:
        text = shortened(json, _FOLD) if isinstance(json, str) else json_text(json, _FOLD)
        yield folded(f"{heading(plain(key))}{_extent(json)}", preformatted(text))
    if rest := dict(list(long.items())[_FOLDS:]):
        yield folded(f"More ({len(rest):,})", preformatted(json_text(rest, _FOLD)))


def _extent(json: object) -> str:
    if isinstance(json, list):
        return f" ({len(json):,})"
    return ""
