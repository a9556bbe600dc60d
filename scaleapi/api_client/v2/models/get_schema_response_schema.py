"""The location of ``GetSchemaResponseSchema`` in scaleapi 2."""

from __future__ import annotations

from . import GetSchemaResponseSchema

__all__ = ["GetSchemaResponseSchema"]
