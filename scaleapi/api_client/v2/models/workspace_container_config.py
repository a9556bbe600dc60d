"""Where scaleapi 2 had ``WorkspaceContainerConfig``."""

from __future__ import annotations

from . import WorkspaceContainerConfig

__all__ = ["WorkspaceContainerConfig"]
