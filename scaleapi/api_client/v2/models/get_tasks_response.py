"""Where scaleapi 2 had ``GetTasksResponse``."""

from __future__ import annotations

from . import GetTasksResponse

__all__ = ["GetTasksResponse"]
