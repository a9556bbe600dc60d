"""The location of :class:`ApiClient` in scaleapi 2."""

from __future__ import annotations

from ...v2 import ApiClient

__all__ = ["ApiClient"]
