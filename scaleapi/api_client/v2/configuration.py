"""Where scaleapi 2 had :class:`Configuration`."""

from __future__ import annotations

from ...v2 import Configuration

__all__ = ["Configuration"]
