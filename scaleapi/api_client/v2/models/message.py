"""Where scaleapi 2 had ``Message``."""

from __future__ import annotations

from . import Message

__all__ = ["Message"]
