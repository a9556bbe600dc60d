"""Where scaleapi 2 had ``WorkspaceFile``."""

from __future__ import annotations

from . import WorkspaceFile

__all__ = ["WorkspaceFile"]
