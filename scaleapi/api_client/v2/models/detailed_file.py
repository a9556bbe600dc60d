"""The location of ``DetailedFile`` in scaleapi 2."""

from __future__ import annotations

from . import DetailedFile

__all__ = ["DetailedFile"]
