"""Where scaleapi 2 had ``GetDatasetsResponse``."""

from __future__ import annotations

from . import GetDatasetsResponse

__all__ = ["GetDatasetsResponse"]
