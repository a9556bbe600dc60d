"""Where scaleapi 2 had ``GetSchema404Response``."""

from __future__ import annotations

from . import GetSchema404Response

__all__ = ["GetSchema404Response"]
