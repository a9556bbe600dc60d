"""Where scaleapi 2 had ``PauseBatch200Response``."""

from __future__ import annotations

from . import PauseBatch200Response

__all__ = ["PauseBatch200Response"]
