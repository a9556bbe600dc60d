"""The location of ``Chunk`` in scaleapi 2."""

from __future__ import annotations

from . import Chunk

__all__ = ["Chunk"]
