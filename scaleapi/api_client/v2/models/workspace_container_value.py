"""Where scaleapi 2 had ``WorkspaceContainerValue``."""

from __future__ import annotations

from . import WorkspaceContainerValue

__all__ = ["WorkspaceContainerValue"]
