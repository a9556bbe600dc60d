"""Where scaleapi 2 had ``GetBatch500Response``."""

from __future__ import annotations

from . import GetBatch500Response

__all__ = ["GetBatch500Response"]
