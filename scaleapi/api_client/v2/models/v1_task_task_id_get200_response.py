"""Where scaleapi 2 had ``V1TaskTaskIdGet200Response``."""

from __future__ import annotations

from . import V1TaskTaskIdGet200Response

__all__ = ["V1TaskTaskIdGet200Response"]
