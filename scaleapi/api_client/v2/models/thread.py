"""The location of ``Thread`` in scaleapi 2."""

from __future__ import annotations

from . import Thread

__all__ = ["Thread"]
