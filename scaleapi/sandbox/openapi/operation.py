"""An operation: what a route takes and returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..base.documents import JsonObject
from .schemas import OBJECT, TEXT

JSON = "application/json"

IDEMPOTENCY_KEY: JsonObject = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A second request with this key is rejected with 409.",
    "schema": TEXT,
}


@dataclass(frozen=True)
class Operation:
    """What a route takes and returns, besides what all routes have in common.

    Attributes:
        response: Schema of the response.
        query: Schemas of the query parameters.
        required: The query parameters that must be given.
        headers: Header parameters.
        path: Schemas of parameters of the path that are not any text.
        body: Schema of the request body; None if there is none.
        example: An example of the body.
        errors: Statuses of errors that not every route of the API can return.
        status: Status of success.
        sent: Media type of the body.
        returned: Media type of the response.
    """

    response: JsonObject | None
    query: Mapping[str, JsonObject] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    headers: tuple[JsonObject, ...] = ()
    path: Mapping[str, JsonObject] = field(default_factory=dict)
    body: JsonObject | None = None
    example: JsonObject | None = None
    errors: tuple[int, ...] = ()
    status: int = 200
    sent: str = JSON
    returned: str = JSON

    def parameters(self, path_names: Mapping[str, JsonObject]) -> list[JsonObject]:
        """Return the parameters of the path, the query and the headers."""
        in_path = [
            {"name": name, "in": "path", "required": True, "schema": self.path.get(name, schema)}
            for name, schema in path_names.items()
        ]
        in_query = [_query_parameter(name, schema) for name, schema in self.query.items()]
        for parameter in in_query:
            if parameter["name"] in self.required:
                parameter["required"] = True
        return [*in_path, *in_query, *self.headers]

    def request_body(self) -> JsonObject | None:
        """Return the description of the body."""
        if self.body is None:
            return None
        media: JsonObject = {"schema": self.body}
        if self.example is not None:
            media["example"] = self.example
        return {"required": True, "content": {self.sent: media}}

    def success(self) -> JsonObject:
        """Return the description of the response."""
        if self.response is None:
            return {"description": "Success."}
        return {
            "description": "Success.",
            "content": {self.returned: {"schema": self.response}},
        }


def _query_parameter(name: str, schema: JsonObject) -> JsonObject:
    parameter: JsonObject = {"name": name, "in": "query", "schema": schema}
    if schema.get("type") == OBJECT["type"]:
        # An object is sent as one value of JSON text.
        return {"name": name, "in": "query", "content": {JSON: {"schema": schema}}}
    return parameter
