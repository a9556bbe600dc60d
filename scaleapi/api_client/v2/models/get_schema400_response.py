"""The location of ``GetSchema400Response`` in scaleapi 2."""

from __future__ import annotations

from . import GetSchema400Response

__all__ = ["GetSchema400Response"]
