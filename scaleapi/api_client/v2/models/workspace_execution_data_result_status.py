"""Where scaleapi 2 had ``WorkspaceExecutionDataResultStatus``."""

from __future__ import annotations

from . import WorkspaceExecutionDataResultStatus

__all__ = ["WorkspaceExecutionDataResultStatus"]
