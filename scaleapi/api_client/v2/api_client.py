"""Where scaleapi 2 had :class:`ApiClient`."""

from __future__ import annotations

from ...v2 import ApiClient

__all__ = ["ApiClient"]
