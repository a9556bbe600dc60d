"""The location of ``WorkspaceExecutionData`` in scaleapi 2."""

from __future__ import annotations

from . import WorkspaceExecutionData

__all__ = ["WorkspaceExecutionData"]
