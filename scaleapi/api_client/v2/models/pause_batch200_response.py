"""The location of ``PauseBatch200Response`` in scaleapi 2."""

from __future__ import annotations

from . import PauseBatch200Response

__all__ = ["PauseBatch200Response"]
