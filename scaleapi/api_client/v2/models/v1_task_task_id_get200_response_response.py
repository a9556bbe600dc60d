"""The location of ``V1TaskTaskIdGet200ResponseResponse`` in scaleapi 2."""

from __future__ import annotations

from . import V1TaskTaskIdGet200ResponseResponse

__all__ = ["V1TaskTaskIdGet200ResponseResponse"]
