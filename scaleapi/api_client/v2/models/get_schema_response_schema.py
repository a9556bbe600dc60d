"""Where scaleapi 2 had ``GetSchemaResponseSchema``."""

from __future__ import annotations

from . import GetSchemaResponseSchema

__all__ = ["GetSchemaResponseSchema"]
