"""The location of :class:`V2Api` in scaleapi 2."""

from __future__ import annotations

from ....v2 import V2Api

__all__ = ["V2Api"]
