"""Where scaleapi 2 had ``GetDatasetTasksResponse``."""

from __future__ import annotations

from . import GetDatasetTasksResponse

__all__ = ["GetDatasetTasksResponse"]
