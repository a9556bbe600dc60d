"""Where scaleapi 2 had ``WorkspaceExecutionDataResult``."""

from __future__ import annotations

from . import WorkspaceExecutionDataResult

__all__ = ["WorkspaceExecutionDataResult"]
