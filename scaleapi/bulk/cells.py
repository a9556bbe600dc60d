"""Cells of a table as parameters: columns with dots nest, and some cells hold JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._arguments import shown
from .._http.response import JSONObject
from ..exceptions import ScaleArgumentError

__all__ = ["Columns"]

#: Numbers and booleans as JSON writes them; ``007`` is not one.
_SCALAR = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false")

#: Parameters whose cells are numbers or booleans. Other cells without a dot are text, whatever
#: they look like: a name may be ``2024``.
_SCALARS = frozenset({"priority", "project_param_version", "clear_unique_id_on_error"})

#: Objects whose values are the customer's own text.
_OWN_TEXT = frozenset({"metadata", "template_variables"})


class Columns:
    """The columns of a table.

    Args:
        names: The header.

    Raises:
        ScaleArgumentError: A name is missing, or is there twice.
    """

    def __init__(self, names: Iterable[object]) -> None:
        columns = list(map(str, names))
        paths = [name.strip() for name in columns]  # "id, attachment" is common
        for name in paths:
            if not name or not all(name.split(".")):
                raise ScaleArgumentError("rows", f"must have a name for each column, not {name!r}")
            if paths.count(name) > 1:
                raise ScaleArgumentError("rows", f"must not have two columns named {name!r}")
        if len(columns) == 1 and re.search(r"[;\t|]", columns[0]):
            raise ScaleArgumentError(
                "rows", f"must have its columns separated by commas; the header is {columns[0]!r}"
            )
        self._paths = {name: path.split(".") for name, path in zip(columns, paths, strict=True)}

    def parameters(self, cells: Mapping[str, object]) -> JSONObject:
        """Return the parameters that a line of the table holds; empty cells are left out.

        Args:
            cells: The cells by column.

        Raises:
            ScaleArgumentError: A cell is bad JSON, or two columns say different things.
        """
        parameters: JSONObject = {}
        for name, path in self._paths.items():
            value = cells.get(name)
            if value is not None and value != "":
                _put(parameters, path, _value(name, path, value))
        return parameters


def _value(name: str, path: list[str], cell: object) -> Any:
    if not isinstance(cell, str):
        return cell
    if cell.lstrip().startswith(("{", "[")):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError) as error:
            problem = f"begins like JSON and is not: {error}; got {shown(cell)}"
            raise ScaleArgumentError(name, problem) from None
    typed = path[0] not in _OWN_TEXT if len(path) > 1 else path[0] in _SCALARS
    if typed and _SCALAR.fullmatch(cell.strip()):
        return json.loads(cell)
    return cell


def _put(parameters: JSONObject, path: list[str], value: Any) -> None:
    """Set a value at a path of keys."""
    *parents, last = path
    place = parameters
    for key in parents:
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            raise ScaleArgumentError(
                ".".join(path), f"cannot be set: the column {key!r} is not an object"
            )
        place = inner
    if last in place:
        raise ScaleArgumentError(".".join(path), "is set by two columns")
    place[last] = value
