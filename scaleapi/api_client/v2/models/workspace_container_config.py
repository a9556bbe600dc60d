"""The location of ``WorkspaceContainerConfig`` in scaleapi 2."""

from __future__ import annotations

from . import WorkspaceContainerConfig

__all__ = ["WorkspaceContainerConfig"]
