"""Where scaleapi 2 had ``CancelBatch200Response``."""

from __future__ import annotations

from . import CancelBatch200Response

__all__ = ["CancelBatch200Response"]
