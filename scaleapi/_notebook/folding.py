"""JSON as indented text, cut to the length that a card may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .redaction import items
from .values import plain

__all__ = ["json_text", "one_line"]

#: Characters of the longest container that stands on one line.
_LINE = 90


def json_text(json: object, most: int) -> str:
    """Return redacted JSON with an indent of one space; what is left out is counted.

    Args:
        json: The JSON. Values of other types are replaced by the names of their types.
        most: About how many characters to write.

    Example:
        >>> print(json_text({"a": [1, 2], "b": {"c": [{"d": None}]}}, 1000))
        {
         "a": [1, 2],
         "b": {
          "c": [
           {"d": null}
          ]
         }
        }
    """
    return _Writer(most).write(json)


class _Writer:
    def __init__(self, most: int) -> None:
        self._left = most

    def write(self, json: object) -> str:
        return "\n".join(self._lines(json, "", 0))

    def _lines(self, json: object, start: str, depth: int) -> Iterator[str]:
        """Yield the lines of a value, of which the first begins with ``start``."""
        if not isinstance(json, (dict, list)):
            yield self._spent(start + _scalar(json))
        elif (line := one_line(json)) is not None:
            yield self._spent(start + line)
        else:
            brackets = "{}" if isinstance(json, dict) else "[]"
            yield self._spent(start + brackets[0])
            yield from self._items(json, " " * (depth + 1), depth + 1)
            yield " " * depth + brackets[1]

    def _items(
        self, json: Mapping[object, object] | Sequence[object], indent: str, depth: int
    ) -> Iterator[str]:
        for index, (name, item) in enumerate(_named(json)):
            if self._left <= 0:
                yield f"{indent}… {len(json) - index:,} more"
                return
            lines = list(self._lines(item, indent + name, depth))
            lines[-1] += "," if index < len(json) - 1 else ""
            yield from lines

    def _spent(self, line: str) -> str:
        self._left -= len(line) + 1
        return line


def one_line(json: Mapping[object, object] | Sequence[object]) -> str | None:
    """Return a short object or list of scalars as one line, ``None`` if it is not short."""
    if len(json) > 12:
        return None
    named = list(_named(json))
    if any(isinstance(item, (dict, list)) for _, item in named):
        return None
    first, last = "{}" if isinstance(json, Mapping) else "[]"
    line = f"{first}{', '.join(name + _scalar(item) for name, item in named)}{last}"
    return line if len(line) <= _LINE else None


def _named(json: Mapping[object, object] | Sequence[object]) -> Iterable[tuple[str, object]]:
    """Return what is written before each value, and the value."""
    if isinstance(json, Mapping):
        return ((f"{_quoted(plain(name))}: ", item) for name, item in items(json))
    return (("", item) for item in json)


def _scalar(json: object) -> str:
    if isinstance(json, str):
        return _quoted(plain(json))
    if json is None or isinstance(json, bool):
        return {None: "null", True: "true", False: "false"}[json]
    return plain(json)


def _quoted(text: str) -> str:
    # For people: only what would break the line is escaped.
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(character, escape)
    return f'"{text}"'
