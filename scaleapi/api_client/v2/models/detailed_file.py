"""Where scaleapi 2 had ``DetailedFile``."""

from __future__ import annotations

from . import DetailedFile

__all__ = ["DetailedFile"]
