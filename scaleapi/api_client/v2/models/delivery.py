"""Where scaleapi 2 had ``Delivery``."""

from __future__ import annotations

from . import Delivery

__all__ = ["Delivery"]
