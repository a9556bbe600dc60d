"""The location of ``WorkspaceContainerValue`` in scaleapi 2."""

from __future__ import annotations

from . import WorkspaceContainerValue

__all__ = ["WorkspaceContainerValue"]
