"""Fields of text collection tasks."""

from __future__ import annotations

from typing import Any

from ..base.documents import JsonObject, is_array, is_object
from ..base.validation import integer, invalid


def check_fields(value: object, name: str = "fields") -> None:
    """Reject invalid fields of a text collection task; convert numeric strings."""
    if not is_array(value) or not value:
        raise invalid(name, "must be an array with at least one field")
    ids: set[str] = set()
    for position, field in enumerate(value):
        where = f"{name}[{position}]"
        if not is_object(field):
            raise invalid(where, "must be an object")
        for key in ("type", "field_id"):
            if not isinstance(field.get(key), str) or not field[key]:
                raise invalid(f"{where}.{key}", "is required")
        if field["field_id"] in ids:
            raise invalid(f"{where}.field_id", "must differ from the others")
        ids.add(field["field_id"])
        _check_field(field, where)


def _check_field(field: JsonObject, where: str) -> None:
    for bound in ("min_responses_required", "max_responses_required"):
        if field.get(bound) is not None:
            field[bound] = integer(field[bound], f"{where}.{bound}", 1, 100)
    for bound in ("min_choices", "max_choices"):
        if field.get(bound) is not None:
            field[bound] = integer(field[bound], f"{where}.{bound}", low=0)
    if field["type"] == "category":
        _check_options(field.get("choices"), f"{where}.choices")
    if field["type"] == "field_set":
        check_fields(field.get("fields"), f"{where}.fields")
        if len(field["fields"]) < 2:
            raise invalid(f"{where}.fields", "must have at least 2 fields")


def _check_options(choices: Any, where: str) -> None:
    if not is_array(choices) or not choices:
        raise invalid(where, "must be an array with at least one choice")
    for choice in choices:
        if not is_object(choice) or "value" not in choice:
            raise invalid(where, 'must hold objects with a "label" and a "value"')
        if choice.get("subchoices"):
            _check_options(choice["subchoices"], f"{where}.subchoices")
