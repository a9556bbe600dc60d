"""Where scaleapi 2 had ``GetSchema400Response``."""

from __future__ import annotations

from . import GetSchema400Response

__all__ = ["GetSchema400Response"]
