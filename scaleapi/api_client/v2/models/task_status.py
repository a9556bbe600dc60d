"""The location of ``TaskStatus`` in scaleapi 2."""

from __future__ import annotations

from . import TaskStatus

__all__ = ["TaskStatus"]
