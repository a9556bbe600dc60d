"""The location of ``Project`` in scaleapi 2."""

from __future__ import annotations

from . import Project

__all__ = ["Project"]
