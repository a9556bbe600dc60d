"""Where scaleapi 2 had ``BaseChunk``."""

from __future__ import annotations

from . import BaseChunk

__all__ = ["BaseChunk"]
