"""Where scaleapi 2 had ``Expandable``."""

from __future__ import annotations

from . import Expandable

__all__ = ["Expandable"]
