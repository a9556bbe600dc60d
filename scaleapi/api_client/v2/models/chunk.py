"""Where scaleapi 2 had ``Chunk``."""

from __future__ import annotations

from . import Chunk

__all__ = ["Chunk"]
