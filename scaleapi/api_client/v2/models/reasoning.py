"""Where scaleapi 2 had ``Reasoning``."""

from __future__ import annotations

from . import Reasoning

__all__ = ["Reasoning"]
