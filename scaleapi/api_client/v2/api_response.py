"""The location of :class:`ApiResponse` in scaleapi 2."""

from __future__ import annotations

from ...v2 import ApiResponse

__all__ = ["ApiResponse"]
