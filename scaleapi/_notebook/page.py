"""The table that shows one page of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .facts import badge, value
from .folding import json_text
from .html import Html, element, joined, table
from .redaction import items
from .values import MOST, counted, plain, shortened

__all__ = ["page_table"]

_ROWS = 20

#: The keys that become columns if any object on the page has them, and their headings.
_COLUMNS = {
    "task_id": "Task",
    "name": "Name",
    "id": "ID",
    "email": "Email",
    "status": "Status",
    "type": "Type",
    "project": "Project",
    "batch": "Batch",
    "unique_id": "Unique ID",
    "customer_review_status": "Review",
    "tags": "Tags",
    "created_at": "Created",
}


def page_table(objects: Sequence[object], total: object) -> Html:
    """Return the first objects of a page as a table, with the number of all objects.

    Args:
        objects: The JSON of each object, or whatever else is on the page.
        total: The number of objects on all pages.
    """
    shown = objects[:_ROWS]
    rows = [dict(items(one)) for one in shown if isinstance(one, dict)]
    columns = [key for key in _COLUMNS if any(row.get(key) not in (None, "", []) for row in rows)]
    caption = f"{len(shown):,} of {len(objects):,} on this page, {counted(total)} in total"
    if not columns or len(rows) < len(shown):
        return table(caption, (), [[_line(one)] for one in shown])
    cells = [[_cell(row, key) for key in columns] for row in rows]
    scroll = "overflow-x:auto;max-width:100%"
    return element("div", table(caption, map(_COLUMNS.__getitem__, columns), cells), style=scroll)


def _line(json: object) -> str:
    """Return the text for a row without columns."""
    return shortened(json_text(json, MOST) if isinstance(json, (dict, list)) else repr(json))


def _cell(row: Mapping[object, object], key: str) -> Html:
    json = row.get(key)
    if key in ("task_id", "id") and isinstance(json, str):
        return element("code", plain(json))
    if key.endswith("status") and isinstance(json, str):
        return badge(json)
    short = value(json)
    return joined(["…"]) if short is None else short
