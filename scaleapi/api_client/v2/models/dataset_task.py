"""The location of ``DatasetTask`` in scaleapi 2."""

from __future__ import annotations

from . import DatasetTask

__all__ = ["DatasetTask"]
