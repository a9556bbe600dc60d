"""The location of ``CancelBatch200Response`` in scaleapi 2."""

from __future__ import annotations

from . import CancelBatch200Response

__all__ = ["CancelBatch200Response"]
