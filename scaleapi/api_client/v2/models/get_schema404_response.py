"""The location of ``GetSchema404Response`` in scaleapi 2."""

from __future__ import annotations

from . import GetSchema404Response

__all__ = ["GetSchema404Response"]
