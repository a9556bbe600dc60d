"""The location of ``Expandable`` in scaleapi 2."""

from __future__ import annotations

from . import Expandable

__all__ = ["Expandable"]
