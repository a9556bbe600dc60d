"""The location of ``WorkspaceExecutionDataResult`` in scaleapi 2."""

from __future__ import annotations

from . import WorkspaceExecutionDataResult

__all__ = ["WorkspaceExecutionDataResult"]
