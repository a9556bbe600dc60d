"""Where scaleapi 2 had ``DatasetTask``."""

from __future__ import annotations

from . import DatasetTask

__all__ = ["DatasetTask"]
