"""Where scaleapi 2 had ``ImageFile``."""

from __future__ import annotations

from . import ImageFile

__all__ = ["ImageFile"]
