"""The schema of the v2 API that these tests are based on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

__all__ = ["ENDPOINTS", "MODELS", "OBJECTS", "attributes", "declared_properties", "model_name"]

Schema = dict[str, Any]

_DESCRIPTION: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "v2.schema.json").read_text(encoding="utf-8")
)

#: Every model by its name: objects, enums and unions.
MODELS: dict[str, Schema] = _DESCRIPTION["$defs"]

#: The names of those that are objects.
OBJECTS = sorted(name for name, model in MODELS.items() if "properties" in model)

#: Every operation by the name of its method.
ENDPOINTS: dict[str, Schema] = {one["pythonName"]: one for one in _DESCRIPTION["endpoints"]}


def model_name(schema: Schema) -> str:
    """Return the name of the model that a schema refers to."""
    return str(schema["$ref"]).rpartition("/")[2]


def declared_properties(name: str) -> dict[str, Schema]:
    """Return the properties of a model by their keys."""
    properties: dict[str, Schema] = MODELS[name]["properties"]
    return properties


def attributes(key: str, schema: Schema) -> set[str]:
    """Return the names that a property has in Python: of style, and of scaleapi 2."""
    snake_case = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", key)
    return {snake_case, schema.get("x-python-name", snake_case)}
