"""JSON written out to be read, never more of it than a card may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .values import plain

__all__ = ["json_text", "one_line"]

#: Characters of the longest container that stands on one line.
_LINE = 90


def json_text(json: object, most: int) -> str:
    """Return JSON with an indent of one; what is too much is counted where it is left out.

    It is for reading: secrets are hidden, and links are without what may be their signature.

    Args:
        json: The JSON; what is none is named by its type.
        most: How many characters to write, about.

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

    def _lines(self, json: object, start: str, depth: int, key: str = "") -> Iterator[str]:
        """Yield the lines of a value, of which the first begins with ``start``."""
        if not isinstance(json, (dict, list)):
            yield self._spent(start + _scalar(json, key))
        elif (line := one_line(json, key)) is not None:
            yield self._spent(start + line)
        else:
            brackets = "{}" if isinstance(json, dict) else "[]"
            yield self._spent(start + brackets[0])
            yield from self._items(json, " " * (depth + 1), depth + 1, key)
            yield " " * depth + brackets[1]

    def _items(
        self, json: dict[object, object] | list[object], indent: str, depth: int, key: str
    ) -> Iterator[str]:
        for index, (name, item) in enumerate(_named(json, key)):
            if self._left <= 0:
                yield f"{indent}… {len(json) - index:,} more"
                return
            start = f"{indent}{_quoted(name)}: " if isinstance(json, dict) else indent
            lines = list(self._lines(item, start, depth, name))
            lines[-1] += "," if index < len(json) - 1 else ""
            yield from lines

    def _spent(self, line: str) -> str:
        self._left -= len(line) + 1
        return line


def _named(json: dict[object, object] | list[object], key: str) -> Iterable[tuple[str, object]]:
    if isinstance(json, dict):
        return ((plain(name), item) for name, item in json.items())
    return ((key, item) for item in json)


def one_line(json: dict[object, object] | list[object], key: str) -> str | None:
    """Return a short container of scalars as one line, ``None`` if it is not short."""
    if len(json) > 12 or any(isinstance(one, (dict, list)) for _, one in _named(json, key)):
        return None
    if isinstance(json, dict):
        pairs = (f"{_quoted(name)}: {_scalar(one, name)}" for name, one in _named(json, key))
        line = f"{{{', '.join(pairs)}}}"
    else:
        line = f"[{', '.join(_scalar(one, key) for one in json)}]"
    return line if len(line) <= _LINE else None


def _scalar(json: object, key: str) -> str:
    if isinstance(json, str):
        return _quoted(plain(json, key))
    if json is None or isinstance(json, bool):
        return {None: "null", True: "true", False: "false"}[json]
    return plain(json)


def _quoted(text: str) -> str:
    # For people: only what would break the line is written as an escape.
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(character, escape)
    return f'"{text}"'
