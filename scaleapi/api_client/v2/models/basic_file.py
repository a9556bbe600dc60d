"""Where scaleapi 2 had ``BasicFile``."""

from __future__ import annotations

from . import BasicFile

__all__ = ["BasicFile"]
