"""What the command prints: tables on a terminal, JSON lines in a pipe."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TextIO

__all__ = ["Output", "printable"]

#: Rows whose widths decide the widths of all columns, so that long lists can be printed as they
#: come.
_MEASURED = 100

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class Output:
    """Print results to standard output and messages to standard error.

    Args:
        as_json: Whether to print JSON lines even on a terminal.
        out: Where results go; by default standard output.
        err: Where messages go; by default standard error.
    """

    def __init__(
        self, as_json: bool = False, out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        self._out = sys.stdout if out is None else out
        self._err = sys.stderr if err is None else err
        if isinstance(self._out, io.TextIOWrapper):  # not all terminals have all characters
            self._out.reconfigure(errors="backslashreplace")
        self.is_table = self._out.isatty() and not as_json
        self._color = self.is_table and not os.environ.get("NO_COLOR")
        self._on_progress = False

    def rows(self, objects: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
        """Print objects, one per line.

        Args:
            objects: The objects, as JSON. They are printed as they come.
            columns: The keys that a table shows. JSON lines have all keys.
        """
        if self.is_table:
            self._table(iter(objects), columns)
        else:
            for one in objects:
                self._line(_json_line(one))

    def item(self, value: Any) -> None:
        """Print one JSON value: indented on a terminal, else in one line."""
        if self.is_table:
            self._line(printable(json.dumps(value, indent=2, ensure_ascii=False), "\n"))
        else:
            self._line(_json_line(value))

    def summary(self, text: str, value: Any) -> None:
        """Print what a long command did: as text on a terminal, else as one line of JSON."""
        self._line(printable(text, "\n") if self.is_table else _json_line(value))

    def say(self, text: str) -> None:
        """Print a message for a person, which is not part of the result."""
        print(printable(text, "\n"), file=self._err, flush=True)

    def progress(self, done: int, total: int, things: str) -> None:
        """Show a person how far a long command is, on a line that the next call overwrites."""
        if self._err.isatty():
            self._on_progress = True
            print(f"\r{done:,} of {total:,} {things}", end="", file=self._err, flush=True)

    def end_progress(self) -> None:
        """Let the next output begin on a line of its own."""
        if self._on_progress:
            self._on_progress = False
            print(file=self._err, flush=True)

    def _table(self, objects: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
        rows = ([_cell(one.get(column)) for column in columns] for one in objects)
        first = list(islice(rows, _MEASURED))
        if not first:
            self.say("(none)")
            return
        titles = [column.upper().replace("_", " ") for column in columns]
        widths = [max(map(len, cells)) for cells in zip(titles, *first, strict=True)]
        width = shutil.get_terminal_size().columns
        self._line(_row(titles, widths, width), bold=True)
        for row in chain(first, rows):
            self._line(_row(row, widths, width))

    def _line(self, text: str, bold: bool = False) -> None:
        if bold and self._color:
            text = f"{_BOLD}{text}{_PLAIN}"
        print(text, file=self._out, flush=True)


def printable(text: str, keep: str = "") -> str:
    """Return a text without what would control a terminal: such characters are escaped.

    Args:
        text: The text, which may come from anybody.
        keep: Control characters that stay.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in keep else char.encode("unicode_escape").decode()
        for char in text
    )


def _json_line(value: Any) -> str:
    # ASCII, so that it can be written in every encoding, lone surrogates included.
    return json.dumps(value, separators=(",", ":"))


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _row(cells: Sequence[str], widths: Sequence[int], width: int) -> str:
    line = "  ".join(cell.ljust(size) for cell, size in zip(cells, widths, strict=True)).rstrip()
    return line if len(line) <= width else f"{line[: width - 1]}…"
