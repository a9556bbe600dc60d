"""The location of ``BasicFile`` in scaleapi 2."""

from __future__ import annotations

from . import BasicFile

__all__ = ["BasicFile"]
