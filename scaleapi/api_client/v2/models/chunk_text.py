"""Where scaleapi 2 had ``ChunkText``."""

from __future__ import annotations

from . import ChunkText

__all__ = ["ChunkText"]
