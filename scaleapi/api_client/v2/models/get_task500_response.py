"""The location of ``GetTask500Response`` in scaleapi 2."""

from __future__ import annotations

from . import GetTask500Response

__all__ = ["GetTask500Response"]
