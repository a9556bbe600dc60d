"""The location of ``GetSchemaResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetSchemaResponse

__all__ = ["GetSchemaResponse"]
