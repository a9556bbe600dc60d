"""Where scaleapi 2 had ``ChunkTextProperties``."""

from __future__ import annotations

from . import ChunkTextProperties

__all__ = ["ChunkTextProperties"]
