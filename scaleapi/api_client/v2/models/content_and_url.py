"""The location of ``ContentAndUrl`` in scaleapi 2."""

from __future__ import annotations

from . import ContentAndUrl

__all__ = ["ContentAndUrl"]
