"""The location of ``ChunkText`` in scaleapi 2."""

from __future__ import annotations

from . import ChunkText

__all__ = ["ChunkText"]
