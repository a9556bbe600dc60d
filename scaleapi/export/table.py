"""Tables of fixed columns, made from JSON objects without losing anything of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, NamedTuple

from ..exceptions import ScaleBadResponse
from .arrow import RecordBatch, RecordBatchReader, Schema, arrow, memory_pool
from .windows import parse_time

__all__ = ["Batcher", "Column", "Row", "Table", "json_text"]
__all__ += ["flag", "json_column", "number", "points", "real", "text", "texts", "time"]

#: The values of one row, in the order of the columns.
Row = Sequence[object]

#: A batch is full with so many rows, or so many characters of text.
_MOST_ROWS, _MOST_CHARACTERS = 500, 1_000_000

_encode = json.JSONEncoder(separators=(",", ":")).encode


def json_text(value: object) -> str:
    """Return JSON with escapes only, which has an encoding whatever is in it.

    Raises:
        ScaleBadResponse: If it has more levels than Python can write.
    """
    try:
        return _encode(value)
    except RecursionError:
        pass
    # The calls under way count as levels. In a new thread, there are fewer of them than there were
    # when the value was decoded. Only orjson decodes a few more levels than that.
    with ThreadPoolExecutor(1) as thread:
        try:
            return thread.submit(_encode, value).result()
        except RecursionError:
            problem = "expected JSON of at most 990 levels, but a task has more"
            raise ScaleBadResponse(problem) from None


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: Its name, which is that of the field it is read from.
        type: The name of its Arrow type, or ``time``, ``texts`` or ``points``.
        read: Returns a JSON value as the column holds it, ``None`` if it cannot.
    """

    name: str
    type: str
    read: Callable[[Any], object]

    def take(self, fields: dict[str, Any]) -> object:
        """Return the column's field, and remove it if the column can hold it."""
        value = fields.pop(self.name, None)
        if value is None:
            return None
        found = self.read(value)
        if found is None:
            fields[self.name] = value
        return found


class Table:
    """A table whose columns do not depend on the data.

    Its last column is ``other``: JSON text of the fields that have no column, and of those whose
    column cannot hold them, as a number where text is expected.

    Args:
        *columns: The other columns.
    """

    def __init__(self, *columns: Column) -> None:
        self.columns = columns

    @property
    def names(self) -> list[str]:
        """The names of all columns."""
        return [*(column.name for column in self.columns), "other"]

    def schema(self) -> Schema:
        """Return the schema.

        Raises:
            ImportError: pyarrow is not installed.
        """
        types = [_arrow_type(column.type) for column in self.columns]
        return arrow().schema([*zip(self.names, [*types, _arrow_type("string")], strict=True)])

    def row(self, json: dict[str, Any], **computed: object) -> Row:
        """Return the row of a JSON object.

        Args:
            json: The object.
            **computed: Values of columns that are not fields of the object.
        """
        fields = dict(json)
        values = [
            computed[column.name] if column.name in computed else column.take(fields)
            for column in self.columns
        ]
        return [*values, json_text(fields) if fields else None]

    def batch(self, rows: Iterable[Row]) -> RecordBatch:
        """Return rows as one record batch."""
        pa, schema = arrow(), self.schema()
        columns = list(zip(*rows, strict=True)) or [()] * len(schema)
        arrays = [
            pa.array(values, type=field.type, memory_pool=memory_pool())
            for values, field in zip(columns, schema, strict=True)
        ]
        return pa.record_batch(arrays, schema=schema)

    def reader(self, rows: Iterable[Row]) -> RecordBatchReader:
        """Return rows as a stream of record batches, which are made as they are asked for."""
        return arrow().RecordBatchReader.from_batches(self.schema(), self._batches(rows))

    def _batches(self, rows: Iterable[Row]) -> Iterator[RecordBatch]:
        batcher = Batcher(self)
        for row in rows:
            batcher.add(row)
            if batcher.is_full:
                yield batcher.take()
        if batcher.rows:
            yield batcher.take()


class Batcher:
    """Collects rows until they are enough for a batch.

    Args:
        table: The table that they are of.

    Attributes:
        rows: What it has collected.
    """

    def __init__(self, table: Table) -> None:
        self.rows: list[Row] = []
        self._table = table
        self._characters = 0

    def add(self, row: Row) -> None:
        """Add a row."""
        self.rows.append(row)
        self._characters += sum(len(value) for value in row if isinstance(value, str))

    @property
    def is_full(self) -> bool:
        """Whether there are enough."""
        return len(self.rows) >= _MOST_ROWS or self._characters >= _MOST_CHARACTERS

    def take(self) -> RecordBatch:
        """Return the rows as a batch, and begin a new one."""
        rows, self.rows, self._characters = self.rows, [], 0
        return self._table.batch(rows)


def _arrow_type(name: str) -> Any:
    pa = arrow()
    if name == "time":
        return pa.timestamp("us", tz="UTC")
    if name == "texts":
        return pa.list_(pa.string())
    if name == "points":
        return pa.list_(pa.struct([("x", pa.float64()), ("y", pa.float64())]))
    return pa.type_for_alias(name)


def _text_of(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:  # half a character
            return None
    return value


def _texts_of(value: object) -> list[object] | None:
    if not isinstance(value, list) or any(_text_of(item) is None for item in value):
        return None
    return value


def _number_of(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -(2**63) <= value < 2**63 else None


def _real_of(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _flag_of(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _time_of(value: object) -> datetime | None:
    return parse_time(value)


def _points_of(value: object) -> list[dict[str, float]] | None:
    found: list[dict[str, float]] = []
    for point in value if isinstance(value, list) else [None]:
        if not isinstance(point, dict) or point.keys() != {"x", "y"}:
            return None
        x, y = _real_of(point["x"]), _real_of(point["y"])
        if x is None or y is None:
            return None
        found.append({"x": x, "y": y})
    return found


def text(name: str) -> Column:
    """Return a column of text."""
    return Column(name, "string", _text_of)


def texts(name: str) -> Column:
    """Return a column of lists of text."""
    return Column(name, "texts", _texts_of)


def number(name: str) -> Column:
    """Return a column of whole numbers."""
    return Column(name, "int64", _number_of)


def real(name: str) -> Column:
    """Return a column of numbers."""
    return Column(name, "float64", _real_of)


def flag(name: str) -> Column:
    """Return a column of truth values."""
    return Column(name, "bool", _flag_of)


def time(name: str) -> Column:
    """Return a column of times, in UTC with microseconds."""
    return Column(name, "time", _time_of)


def points(name: str) -> Column:
    """Return a column of lists of points."""
    return Column(name, "points", _points_of)


def json_column(name: str) -> Column:
    """Return a column of JSON text."""
    return Column(name, "string", json_text)
