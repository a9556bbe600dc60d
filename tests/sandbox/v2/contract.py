"""What v2 answers must look like, by the description of the API."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_DESCRIPTION: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "data" / "v2.schema.json").read_text(encoding="utf-8")
)
ENDPOINTS: dict[tuple[str, str], dict[str, Any]] = {
    (endpoint["method"], endpoint["path"]): endpoint for endpoint in _DESCRIPTION["endpoints"]
}
"""What each operation answers, by method and path."""

ANNOTATION_TYPES = tuple(_DESCRIPTION["$defs"]["Annotation"]["discriminator"]["mapping"])


def check(method: str, path: str, answer: Any, *, detailed: bool = True) -> None:
    """Check an answer: every field is one that is declared, and is of its type.

    Args:
        method: The method of the call.
        path: Its path.
        answer: The decoded JSON.
        detailed: Whether annotations have more than key and value.
    """
    schema = ENDPOINTS[method, path]["responses"]["200"]["schema"]
    _validator(schema["$ref"], detailed).validate(answer)


@cache
def _validator(reference: str, detailed: bool) -> Draft202012Validator:
    definitions = {name: _closed(model) for name, model in _DESCRIPTION["$defs"].items()}
    if not detailed:
        definitions["Annotation"] = {
            "properties": {"key": {"type": "string"}, "value": True},
            "required": ["key", "value"],
            "additionalProperties": False,
        }
    return Draft202012Validator(
        {"$ref": reference, "$defs": definitions},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def _closed(model: dict[str, Any]) -> dict[str, Any]:
    """Return a model that has no other fields than those that are declared."""
    if "properties" not in model or "additionalProperties" in model:
        return model
    return model | {"additionalProperties": False}
