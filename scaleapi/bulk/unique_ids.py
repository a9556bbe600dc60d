"""The ``unique_id`` of each row: a column, a template, or a hash of the content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from string import Formatter
from typing import Any

from .._arguments import text_of
from ..exceptions import ScaleArgumentError

__all__ = ["UniqueId", "canonical"]

#: The column that every row has without having it.
CONTENT_HASH = "content_hash"

#: Columns that are parameters as well. Others that a unique id is made of are not sent: an ``id``
#: would be an unknown parameter.
_PARAMETERS = frozenset(
    {
        "attachment",
        "attachments",
        "attachment_type",
        "batch",
        "batch_id",
        "batch_name",
        "callback_url",
        "instruction",
        "metadata",
        "priority",
        "project",
        "project_id",
        "project_name",
        "tags",
        "template_variables",
        "text",
        "title",
        "unique_id",
    }
)


def canonical(content: Any) -> bytes:
    """Return JSON as bytes that do not depend on the order of keys."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


class UniqueId:
    """How the unique id of each row is made.

    Args:
        text: The name of a column, or a template with names of columns in braces. The column
            ``content_hash`` is a hash of the row; a name with dots looks into objects.

    Raises:
        ScaleArgumentError: It is not a string, or the template is bad.
    """

    def __init__(self, text: object) -> None:
        spec = text_of("unique_id", text)
        self._parts: list[tuple[str, str | None, str]] = []
        if "{" not in spec and "}" not in spec:
            self._parts = [("", spec, "")]
        else:
            self._parts = [_part(*part) for part in _parsed(spec)]
        self._columns = [name for _, name, _ in self._parts if name is not None]
        if not self._columns:
            raise ScaleArgumentError(
                "unique_id", f"must name a column, as in 'scan-{{id}}'; {spec!r} has none"
            )

    def of(self, row: Mapping[str, Any], kind: str) -> str:
        """Return the unique id of a row.

        Args:
            row: The row, with the defaults.
            kind: What is made of it, which is a part of its content.

        Raises:
            ScaleArgumentError: The row does not have a column, or has nothing in it.
        """
        pieces: list[str] = []
        for before, name, how in self._parts:
            pieces.append(before)
            if name is not None:
                pieces.append(_formatted(name, _column(row, name, kind), how))
        return "".join(pieces)

    def without_columns(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row without the columns that are there for the unique id only."""
        only = [name for name in self._columns if name not in _PARAMETERS]
        return {name: value for name, value in row.items() if name not in only}


def _parsed(spec: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(spec))
    except ValueError as error:
        raise ScaleArgumentError(
            "unique_id", f"must be a template, not {spec!r}: {error}"
        ) from None


def _part(
    before: str, name: str | None, how: str | None, conversion: str | None
) -> tuple[str, str | None, str]:
    if name == "" or conversion:
        raise ScaleArgumentError(
            "unique_id", "must have the name of a column in each pair of braces, as in 'scan-{id}'"
        )
    return before, name, how or ""


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value)


def _column(row: Mapping[str, Any], name: str, kind: str) -> object:
    value: Any = row.get(name)
    if value is None and "." in name:
        value = row
        for key in name.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
    if value is None and name == CONTENT_HASH:
        return _content_hash(row, kind)
    if _is_empty(value):
        given = [column for column, cell in row.items() if not _is_empty(cell)]
        columns = ", ".join(map(repr, given[:20]))
        raise ScaleArgumentError(
            "unique_id", f"needs the column {name!r}, which the row does not have: it has {columns}"
        )
    # Columns of whole numbers have floats in frames of pandas if a cell is empty.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _content_hash(row: Mapping[str, Any], kind: str) -> str:
    try:
        return hashlib.sha256(canonical([kind, row])).hexdigest()[:32]
    except (TypeError, ValueError, RecursionError) as error:
        raise ScaleArgumentError("unique_id", f"needs a row that is JSON: {error}") from None


def _formatted(name: str, value: object, how: str) -> str:
    text = text_of(name, value)
    if not how:
        return text
    try:
        return format(value, how)
    except (TypeError, ValueError) as error:
        raise ScaleArgumentError("unique_id", f"cannot format {name!r}: {error}") from None
