"""Schemas of the raw responses of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._arguments import text_of
from .._model.fields import optional, required
from .._model.kinds import TEXT, TIME, Nested
from .._model.objects import Model
from ._operations import Operations, with_http_info, without_preload_content

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._requests import Terms

__all__ = ["GetSchemaResponse", "GetSchemaResponseSchema", "SchemaOperations"]


class GetSchemaResponseSchema(Model):
    """A schema."""

    id = optional(TEXT, "The schema's id, 24 hex digits.")
    json = optional(TEXT, "A JSON Schema as text.")
    var_json = json
    name = optional(TEXT, "Its name.")
    created_by = optional(TEXT, "The creator.", key="createdBy")
    created_at = optional(TIME, "When it was created.", key="createdAt")
    updated_by = optional(TEXT, "The last editor.", key="updatedBy")
    updated_at = optional(TIME, "When it was last changed.", key="updatedAt")


class GetSchemaResponse(Model):
    """The response to :meth:`~scaleapi.v2.V2Api.get_schema`."""

    _required = ("schema",)

    schema = required(Nested(GetSchemaResponseSchema), "The schema.")
    var_schema = schema


class SchemaOperations(Operations):
    """Calls for schemas."""

    def get_schema(
        self,
        schema_id: str,
        **terms: Unpack[Terms],
    ) -> GetSchemaResponse:
        """Return a schema.

        Args:
            schema_id: Its id, which is the ``response_schema_id`` of the tasks of
                :meth:`~scaleapi.v2.V2Api.get_delivery_tasks`.

        Raises:
            ScaleInvalidRequest: If the id is not 24 hex digits.
            ScaleResourceNotFound: If there is no such schema.

        Example:
            >>> json.loads(client.v2.get_schema("65f0c0ffee65f0c0ffee65f0").schema.json)["type"]
            'object'
        """
        return self._get(
            "schema",
            GetSchemaResponse,
            {
                "schema_id": (text_of, schema_id),
            },
            terms,
            one_of=("schema_id",),
        )

    get_schema_with_http_info = with_http_info(get_schema)
    get_schema_without_preload_content = without_preload_content(get_schema)
