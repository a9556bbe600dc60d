"""Where scaleapi 2 had ``WorkspaceExecutionData``."""

from __future__ import annotations

from . import WorkspaceExecutionData

__all__ = ["WorkspaceExecutionData"]
