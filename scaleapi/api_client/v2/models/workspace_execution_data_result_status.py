"""The location of ``WorkspaceExecutionDataResultStatus`` in scaleapi 2."""

from __future__ import annotations

from . import WorkspaceExecutionDataResultStatus

__all__ = ["WorkspaceExecutionDataResultStatus"]
