"""Fields on the command line: ``instruction=Draw`` is a string, ``priority:=10`` is JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from .errors import UsageError

__all__ = ["FIELDS_HELP", "json_argument", "merged_fields"]

FIELDS_HELP = 'key=text, or key:=JSON such as \'categories:=["cat","dog"]\''


def merged_fields(fields: list[str], file: str | None) -> dict[str, Any]:
    """Return the fields of a JSON file with those of the command line over them.

    Args:
        fields: ``key=text`` and ``key:=JSON``.
        file: The path of a file that has a JSON object; ``-`` for standard input.

    Raises:
        UsageError: If one of them is something else.
    """
    found = {} if file is None else _object_from(file)
    for field in fields:
        key, separator, value = field.partition("=")
        if not separator or not key.rstrip(":"):
            raise UsageError(f"{field!r} is not a field: write {FIELDS_HELP}")
        if key.endswith(":"):
            key, parsed = key[:-1], json_argument(value, key[:-1])
        else:
            parsed = value
        found[key] = parsed
    return found


def json_argument(text: str, name: str) -> Any:
    """Return the value of JSON text.

    Raises:
        UsageError: If it is not JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON: {error}") from None


def _object_from(file: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from None
    value = json_argument(text, file)
    if not isinstance(value, dict):
        raise UsageError(f"{file} must contain a JSON object, not {type(value).__name__}")
    return value
