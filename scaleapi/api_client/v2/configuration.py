"""The location of :class:`Configuration` in scaleapi 2."""

from __future__ import annotations

from ...v2 import Configuration

__all__ = ["Configuration"]
