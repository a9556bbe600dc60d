"""The location of ``AudioFile`` in scaleapi 2."""

from __future__ import annotations

from . import AudioFile

__all__ = ["AudioFile"]
