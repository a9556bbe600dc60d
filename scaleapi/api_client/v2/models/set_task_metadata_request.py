"""Where scaleapi 2 had ``SetTaskMetadataRequest``."""

from __future__ import annotations

from . import SetTaskMetadataRequest

__all__ = ["SetTaskMetadataRequest"]
