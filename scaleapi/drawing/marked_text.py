"""Named entities: a text with its entities marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple
from unicodedata import east_asian_width

from .colors import TEXT, color_of
from .markup import Markup, document, element
from .rows import HEIGHT as ROW
from .rows import WIDTH, Row, rows_svg
from .text import label_of

__all__ = ["marked_text_svg"]

_FONT, _LINE = 30.0, 56.0
_COLUMNS = 40
"""Letters per line, all of the same width."""

_ADVANCE = (WIDTH - 40) / _COLUMNS
_MOST_LINES, _MOST_ROWS = 60, 8
_MOST_MARKS = 25
"""The most entities that are marked in a line; more of them overlap."""


class _Entity(NamedTuple):
    start: int
    end: int
    label: str


def marked_text_svg(text: str, annotations: object, label_order: Iterable[str] = ()) -> str:
    """Draw a text with its entities underlined in the colors of their labels.

    Args:
        text: The text.
        annotations: The entities. Those whose ``start`` and ``end`` are not in the text are
            left out and counted.
        label_order: The labels that get the first colors.
    """
    given = annotations if isinstance(annotations, (list, tuple)) else []
    entities = [found for one in given if (found := _entity(one, len(text))) is not None]
    labels = dict.fromkeys([*label_order, *(entity.label for entity in entities)])
    colors = {label: color_of(place) for place, label in enumerate(labels)}
    lines = [*_lines(text)]
    parts: list[Markup] = []
    unmarked = set[_Entity]()
    for number, (start, end) in enumerate(lines[:_MOST_LINES]):
        here = sorted(one for one in entities if one.start < end and one.end > start)
        marked = here[:_MOST_MARKS]
        unmarked.update(here[_MOST_MARKS:])
        parts += _line(text, start, end, 20 + _LINE * (number + 0.6), marked, colors)
    top = 20 + _LINE * min(len(lines), _MOST_LINES) + 10
    rows = [
        *_legend(entities, colors),
        *_notes(len(lines), len(given) - len(entities), len(unmarked)),
    ]
    height = top + ROW * len(rows)
    return document(
        WIDTH,
        height,
        _summary(entities),
        element("rect", width=WIDTH, height=height, fill="#14181c"),
        *parts,
        *rows_svg(rows, top),
    )


def _entity(annotation: object, length: int) -> _Entity | None:
    if not isinstance(annotation, dict):
        return None
    start, end = annotation.get("start"), annotation.get("end")
    if isinstance(start, bool) or not isinstance(start, int) or not isinstance(end, int):
        return None
    return _Entity(start, end, label_of(annotation)) if 0 <= start < end <= length else None


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each line, broken at spaces."""
    start = 0
    for paragraph in text.splitlines(keepends=True):
        first, until = start, start + len(paragraph.rstrip("\r\n"))
        start += len(paragraph)
        while True:
            end, room = first, float(_COLUMNS)
            while end < until and (room := room - _cells(text[end])) >= 0:
                end += 1
            space = text.rfind(" ", first, end) if end < until else -1
            end = space + 1 if space > first else max(end, min(first + 1, until))
            yield first, end
            if end >= until:
                break
            first = end


def _cells(letter: str) -> int:
    return 2 if east_asian_width(letter) in "FW" else 1


def _line(
    text: str,
    start: int,
    end: int,
    y: float,
    entities: list[_Entity],
    colors: Mapping[str, str],
) -> Iterator[Markup]:
    places = [20.0]
    for letter in text[start:end]:
        places.append(places[-1] + _cells(letter) * _ADVANCE)
    free = [0.0, 0.0, 0.0]  # where each level of overlapping underlines is free again
    for one in entities:
        left = places[max(one.start, start) - start]
        right = places[min(one.end, end) - start]
        level = next((level for level, used in enumerate(free) if used <= left), 2)
        free[level] = right
        box = {"x": left, "width": right - left, "fill": colors[one.label]}
        yield element("rect", y=y - 26, height=34, fill_opacity=0.35, **box)
        yield element("rect", y=y + 8 + 5 * level, height=4, **box)
    at = 0
    for cells, letters in groupby(text[start:end].rstrip(), _cells):  # so that none moves another
        run = "".join(letters)
        yield element(
            "text",
            re.sub(r"\s", "\N{NO-BREAK SPACE}", run),  # SVG would join spaces
            x=places[at],
            y=y,
            font_size=_FONT,
            fill=TEXT,
            font_family="monospace",
            textLength=len(run) * cells * _ADVANCE,
            lengthAdjust="spacingAndGlyphs",
        )
        at += len(run)


def _legend(entities: list[_Entity], colors: Mapping[str, str]) -> Iterator[Row]:
    counts: dict[str, int] = {}
    for entity in entities:
        counts[entity.label] = counts.get(entity.label, 0) + 1
    for label, count in [*counts.items()][:_MOST_ROWS]:
        yield Row(f"{label} ({count})", colors[label])
    if len(counts) > _MOST_ROWS:
        yield Row(f"and {len(counts) - _MOST_ROWS} more labels")


def _notes(lines: int, left_out: int, unmarked: int) -> Iterator[Row]:
    if lines > _MOST_LINES:
        yield Row(f"{lines - _MOST_LINES:,} more lines are not shown")
    if unmarked:
        yield Row(f"Not everywhere marked: {unmarked:,} that overlap others")
    if left_out:
        yield Row(f"Left out: {left_out:,} (malformed)")


def _summary(entities: list[_Entity]) -> str:
    return f"{len(entities)} named entities" if len(entities) != 1 else "1 named entity"
