"""Where scaleapi 2 had ``Thread``."""

from __future__ import annotations

from . import Thread

__all__ = ["Thread"]
