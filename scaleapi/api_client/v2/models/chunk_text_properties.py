"""The location of ``ChunkTextProperties`` in scaleapi 2."""

from __future__ import annotations

from . import ChunkTextProperties

__all__ = ["ChunkTextProperties"]
