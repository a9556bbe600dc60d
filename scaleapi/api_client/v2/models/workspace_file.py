"""The location of ``WorkspaceFile`` in scaleapi 2."""

from __future__ import annotations

from . import WorkspaceFile

__all__ = ["WorkspaceFile"]
