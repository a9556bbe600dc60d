"""Where scaleapi 2 had :class:`V2Api`."""

from __future__ import annotations

from ....v2 import V2Api

__all__ = ["V2Api"]
