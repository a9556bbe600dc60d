"""The location of ``ImageFile`` in scaleapi 2."""

from __future__ import annotations

from . import ImageFile

__all__ = ["ImageFile"]
