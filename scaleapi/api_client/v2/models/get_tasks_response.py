"""The location of ``GetTasksResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetTasksResponse

__all__ = ["GetTasksResponse"]
