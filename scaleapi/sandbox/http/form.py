"""Form-encoded bodies, as older programs send them, in the shape of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import parse_qsl

from ..base.documents import JsonObject
from ..base.errors import bad_request
from ..base.validation import parse_json

CONTENT_TYPE = "application/x-www-form-urlencoded"

_NAME = re.compile(r"[^\[\]]+(\[[^\[\]]*\])*")
_PART = re.compile(r"[^\[\]]+|\[[^\[\]]*\]")
_MOST_FIELDS = 10_000
_DEEPEST = 20
_BOOLEANS = {"true": True, "false": False}

_Field = tuple[tuple[str, ...], str]


def is_form(mime_type: str, body: bytes) -> bool:
    """Return whether a body is a form; ``curl -d`` sends JSON with the content type of one."""
    return mime_type == CONTENT_TYPE and body.lstrip()[:1] not in (b"{", b"[", b'"')


def parse_form(body: bytes) -> JsonObject:
    """Decode a form-encoded body.

    A repeated name, or one that ends in ``[]`` or numbers, is an array; ``a[b]`` is a field of
    an object. A value is true, false, JSON if it starts like an array or an object, or else text.

    Raises:
        Refusal: If it is not a form in UTF-8, or its names contradict each other (400).
    """
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise bad_request("The request body is not a valid form.") from None
    return _object([(_path(name), value) for name, value in pairs])


def _path(name: str) -> tuple[str, ...]:
    """Return the parts of a name: ``a[b][]`` has ``a``, ``b`` and an empty one."""
    parts = tuple(part.strip("[]") for part in _PART.findall(name))
    if not _NAME.fullmatch(name) or len(parts) > _DEEPEST or "" in parts[:-1]:
        raise bad_request(f"The request body has an invalid name: {name[:100]!r}.")
    return parts


def _object(fields: Iterable[_Field]) -> JsonObject:
    ordered = sorted(fields, key=lambda field: field[0][0])
    return {
        name: _value(name, [(path[1:], value) for path, value in group])
        for name, group in groupby(ordered, key=lambda field: field[0][0])
    }


def _value(name: str, fields: list[_Field]) -> Any:
    paths = [path for path, _ in fields]
    if all(path in ((), ("",)) for path in paths):
        values = [_decoded(value) for _, value in fields]
        return values[0] if paths == [()] else values
    if () in paths or ("",) in paths:
        raise bad_request(f'The request body has several kinds of "{name}".')
    found = _object(fields)
    numbers = [str(number) for number in range(len(found))]
    return [found[number] for number in numbers] if found.keys() == set(numbers) else found


def _decoded(value: str) -> object:
    if value.startswith(("{", "[")):
        return parse_json(value.encode())
    return _BOOLEANS.get(value, value)
