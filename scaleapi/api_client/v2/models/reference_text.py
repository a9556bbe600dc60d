"""Where scaleapi 2 had ``ReferenceText``."""

from __future__ import annotations

from . import ReferenceText

__all__ = ["ReferenceText"]
