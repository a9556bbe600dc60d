"""The location of ``Message`` in scaleapi 2."""

from __future__ import annotations

from . import Message

__all__ = ["Message"]
