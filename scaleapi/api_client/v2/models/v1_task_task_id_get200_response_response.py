"""Where scaleapi 2 had ``V1TaskTaskIdGet200ResponseResponse``."""

from __future__ import annotations

from . import V1TaskTaskIdGet200ResponseResponse

__all__ = ["V1TaskTaskIdGet200ResponseResponse"]
