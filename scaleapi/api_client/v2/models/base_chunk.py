"""The location of ``BaseChunk`` in scaleapi 2."""

from __future__ import annotations

from . import BaseChunk

__all__ = ["BaseChunk"]
