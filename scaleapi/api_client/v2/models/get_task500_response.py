"""Where scaleapi 2 had ``GetTask500Response``."""

from __future__ import annotations

from . import GetTask500Response

__all__ = ["GetTask500Response"]
