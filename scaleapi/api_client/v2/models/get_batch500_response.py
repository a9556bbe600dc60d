"""The location of ``GetBatch500Response`` in scaleapi 2."""

from __future__ import annotations

from . import GetBatch500Response

__all__ = ["GetBatch500Response"]
