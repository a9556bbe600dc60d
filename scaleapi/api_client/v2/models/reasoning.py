"""The location of ``Reasoning`` in scaleapi 2."""

from __future__ import annotations

from . import Reasoning

__all__ = ["Reasoning"]
