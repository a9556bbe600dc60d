"""The location of ``SetBatchMetadataRequest`` in scaleapi 2."""

from __future__ import annotations

from . import SetBatchMetadataRequest

__all__ = ["SetBatchMetadataRequest"]
