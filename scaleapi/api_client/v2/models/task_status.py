"""Where scaleapi 2 had ``TaskStatus``."""

from __future__ import annotations

from . import TaskStatus

__all__ = ["TaskStatus"]
