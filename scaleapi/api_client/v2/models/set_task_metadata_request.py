"""The location of ``SetTaskMetadataRequest`` in scaleapi 2."""

from __future__ import annotations

from . import SetTaskMetadataRequest

__all__ = ["SetTaskMetadataRequest"]
