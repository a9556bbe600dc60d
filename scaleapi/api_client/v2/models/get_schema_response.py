"""Where scaleapi 2 had ``GetSchemaResponse``."""

from __future__ import annotations

from . import GetSchemaResponse

__all__ = ["GetSchemaResponse"]
