"""Where rows come from: files, frames and any iterable of dicts."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sized
from pathlib import Path
from typing import Any, TypeAlias

from .._arguments import shown
from ..exceptions import ScaleArgumentError
from .cells import Columns
from .frames import columns_and_rows, is_frame

__all__ = ["BadRow", "Rows", "Source"]

#: Rows as a caller gives them: a path, dicts, or a frame of pandas, polars, Arrow, DuckDB, ...
Rows: TypeAlias = "str | os.PathLike[str] | Iterable[Mapping[str, Any]] | Any"

_WHAT = "must be an iterable of dicts, the path of a .csv, .jsonl or .json file, or a data frame"


class BadRow(dict[str, Any]):
    """A row that cannot be read; it holds what there is of it.

    Attributes:
        error: What is wrong with it.
    """

    error: ScaleArgumentError

    @classmethod
    def of(cls, content: Mapping[str, Any], error: ScaleArgumentError) -> BadRow:
        """Return the row with its error."""
        row = cls(content)
        row.error = error
        return row


class Source:
    """Rows that are read one after the other.

    Args:
        rows: What the caller gave.

    Raises:
        ScaleArgumentError: It is none of the kinds of rows, or the file cannot be read.
    """

    def __init__(self, rows: Rows) -> None:
        self.path: Path | None = None
        self._rows: Any = rows
        self._read: Callable[[], Iterator[Mapping[str, Any]]]
        if isinstance(rows, (str, os.PathLike)):
            self.path = Path(rows)
            self._read = _reader(self.path)
        elif is_frame(rows):
            self._read = lambda: _from_frame(rows)
        elif isinstance(rows, (Mapping, bytes, bytearray)) or not isinstance(rows, Iterable):
            raise ScaleArgumentError("rows", f"{_WHAT}, not {type(rows).__name__}")
        else:
            self._read = lambda: map(_checked, rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return self._read()

    def count(self) -> int | None:
        """Return how many rows there are, ``None`` if that is not known before the end."""
        if self.path is not None:
            return sum(1 for _ in self)
        shape = getattr(self._rows, "shape", None) or (None,)
        if isinstance(self._rows, Sized):
            return len(self._rows)
        return shape[0] if isinstance(shape[0], int) else None

    def digest(self) -> str | None:
        """Return the SHA-256 of the file, ``None`` if the rows do not come from one."""
        if self.path is None:
            return None
        digest = hashlib.sha256()
        with self.path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()


def _checked(row: object) -> Mapping[str, Any]:
    if isinstance(row, Mapping):
        return row
    problem = f"must be dicts, not {type(row).__name__}: {shown(row)}"
    return BadRow.of({}, ScaleArgumentError("rows", problem))


def _reader(path: Path) -> Callable[[], Iterator[Mapping[str, Any]]]:
    """Return what reads a file, after a look whether it can be read."""
    readers = {
        ".csv": _read_csv,
        ".jsonl": _read_json_lines,
        ".ndjson": _read_json_lines,
        ".json": _read_json,
    }
    read = readers.get(path.suffix.lower())
    if read is None:
        raise ScaleArgumentError("rows", f"{_WHAT}, not {shown(str(path))}")
    try:
        path.open("rb").close()
    except (OSError, ValueError) as error:
        raise ScaleArgumentError("rows", f"cannot be read from {str(path)!r}: {error}") from error
    return lambda: read(path)


def _problem(path: Path, line: int, problem: object) -> ScaleArgumentError:
    return ScaleArgumentError("rows", f"must be readable: {path}, line {line}: {problem}")


def _checked_text(line: str) -> str:
    line.encode()  # raises an error for the surrogates that replace bytes that are not UTF-8
    return line


def _read_csv(path: Path) -> Generator[Mapping[str, Any], None, None]:
    # Files are decoded in chunks of several lines, so a bad byte is looked for in each line.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = csv.reader(map(_checked_text, file), strict=True)
        columns: Columns | None = None
        names: list[str] = []
        try:
            for cells in lines:
                if not cells:
                    continue
                if columns is None:
                    columns, names = Columns(cells), cells
                else:
                    yield _row_of_cells(columns, names, cells, path, lines.line_num)
        except UnicodeEncodeError:
            raise _problem(path, lines.line_num + 1, "not UTF-8") from None
        except csv.Error as error:
            hint = ": use a .jsonl file for cells this large" if "limit" in str(error) else ""
            raise _problem(path, lines.line_num, f"{error}{hint}") from None


def _row_of_cells(
    columns: Columns, names: list[str], cells: list[str], path: Path, line: int
) -> Mapping[str, Any]:
    if len(cells) > len(names):
        problem = f"{len(cells)} cells for {len(names)} columns"
        return BadRow.of(dict(zip(names, cells, strict=False)), _problem(path, line, problem))
    return _parameters(columns, dict(zip(names, cells, strict=False)))


def _parameters(columns: Columns, cells: Mapping[str, object]) -> Mapping[str, Any]:
    try:
        return columns.parameters(cells)
    except ScaleArgumentError as error:
        return BadRow.of(cells, error)


def _read_json_lines(path: Path) -> Generator[Mapping[str, Any], None, None]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not text.strip():
                continue
            try:
                row = json.loads(text)
            except (ValueError, RecursionError) as error:
                yield BadRow.of({}, _problem(path, number, f"not JSON: {error}"))
            else:
                yield _checked(row)


def _read_json(path: Path) -> Generator[Mapping[str, Any], None, None]:
    try:
        rows = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise ScaleArgumentError("rows", f"must be JSON: {path}: {error}") from None
    if not isinstance(rows, list):
        raise ScaleArgumentError("rows", f"must be a JSON array of objects in {path}")
    yield from map(_checked, rows)


def _from_frame(frame: Any) -> Generator[Mapping[str, Any], None, None]:
    names, rows = columns_and_rows(frame)
    columns = Columns(names)
    for cells in rows:
        yield _parameters(columns, cells)
