"""Where scaleapi 2 had :class:`ApiResponse`."""

from __future__ import annotations

from ...v2 import ApiResponse

__all__ = ["ApiResponse"]
