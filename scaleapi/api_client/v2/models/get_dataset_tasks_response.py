"""The location of ``GetDatasetTasksResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetDatasetTasksResponse

__all__ = ["GetDatasetTasksResponse"]
