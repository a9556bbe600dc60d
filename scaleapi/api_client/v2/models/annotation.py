"""Where scaleapi 2 had ``Annotation``."""

from __future__ import annotations

from . import Annotation

__all__ = ["Annotation"]
