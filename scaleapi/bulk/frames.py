"""Rows of data frames: pandas, polars, Arrow and what else hands itself over as Arrow."""

from __future__ import annotations

import importlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any

from ..exceptions import ScaleArgumentError

__all__ = ["columns_and_rows", "is_frame"]

#: Rows that a frame hands over at once.
_CHUNK = 1000

#: What libraries have for an empty cell, other than ``None`` and NaN.
_EMPTY = frozenset({"NAType", "NaTType"})


def is_frame(rows: object) -> bool:
    """Return whether this is a data frame."""
    return hasattr(rows, "__arrow_c_stream__") or _is_pandas(rows)


def columns_and_rows(frame: Any) -> tuple[list[object], Iterator[dict[str, object]]]:
    """Return the names of the columns, and the rows as cells by column.

    Cells are what JSON has: times are text, empty cells ``None``.

    Raises:
        ScaleArgumentError: It is not a frame after all, or pyarrow is missing.
    """
    if _is_pandas(frame):  # not through Arrow, which gives all objects of a column the same keys
        return list(frame.columns), _pandas_rows(frame)
    try:
        arrow = importlib.import_module("pyarrow")
    except ImportError:
        if hasattr(frame, "iter_rows"):
            return list(frame.columns), map(_plain_row, frame.iter_rows(named=True))
        problem = "need pyarrow to be read: pip install 'scaleapi[arrow]'"
        raise ScaleArgumentError("rows", problem) from None
    try:
        reader = arrow.RecordBatchReader.from_stream(frame)
    except (arrow.ArrowException, TypeError) as error:
        raise ScaleArgumentError("rows", f"must be a data frame with columns: {error}") from None
    return reader.schema.names, _arrow_rows(reader)


def _is_pandas(rows: object) -> bool:
    return hasattr(rows, "columns") and hasattr(rows, "to_dict") and hasattr(rows, "iloc")


def _pandas_rows(frame: Any) -> Generator[dict[str, object], None, None]:
    for begin in range(0, len(frame), _CHUNK):
        records = frame.iloc[begin : begin + _CHUNK].to_dict(orient="records")
        for cells in records:
            yield {str(name): _plain(cell, keep_none=True) for name, cell in cells.items()}


def _arrow_rows(batches: Iterable[Any]) -> Generator[dict[str, object], None, None]:
    for batch in batches:
        for begin in range(0, batch.num_rows, _CHUNK):
            yield from map(_plain_row, batch.slice(begin, _CHUNK).to_pylist())


def _plain_row(cells: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain(cell, keep_none=False) for name, cell in cells.items()}


def _plain(cell: Any, keep_none: bool) -> object:
    """Return a cell as JSON has it.

    Args:
        cell: The cell, or a part of one.
        keep_none: Whether keys without a value stay. A column of objects in Arrow has all keys in
            each cell, so there those of other cells have to be left out.
    """
    if isinstance(cell, Mapping):
        parts = {name: _plain(part, keep_none) for name, part in cell.items()}
        return {name: part for name, part in parts.items() if keep_none or part is not None}
    if hasattr(cell, "tolist"):  # of numpy
        cell = cell.tolist()
    if isinstance(cell, list):
        return [_plain(part, keep_none) for part in cell]
    if type(cell).__name__ in _EMPTY or (isinstance(cell, float) and cell != cell):  # noqa: PLR0124
        return None
    return cell.isoformat() if isinstance(cell, (date, time)) else cell
