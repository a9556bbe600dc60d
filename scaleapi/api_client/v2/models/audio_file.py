"""Where scaleapi 2 had ``AudioFile``."""

from __future__ import annotations

from . import AudioFile

__all__ = ["AudioFile"]
