"""Where scaleapi 2 had ``SetBatchMetadataRequest``."""

from __future__ import annotations

from . import SetBatchMetadataRequest

__all__ = ["SetBatchMetadataRequest"]
