"""The location of ``Delivery`` in scaleapi 2."""

from __future__ import annotations

from . import Delivery

__all__ = ["Delivery"]
