"""The location of ``Option`` in scaleapi 2."""

from __future__ import annotations

from . import Option

__all__ = ["Option"]
