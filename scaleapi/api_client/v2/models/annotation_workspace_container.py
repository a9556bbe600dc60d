"""Where scaleapi 2 had ``AnnotationWorkspaceContainer``."""

from __future__ import annotations

from . import AnnotationWorkspaceContainer

__all__ = ["AnnotationWorkspaceContainer"]
