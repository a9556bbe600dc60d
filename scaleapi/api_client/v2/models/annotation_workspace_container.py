"""The location of ``AnnotationWorkspaceContainer`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationWorkspaceContainer

__all__ = ["AnnotationWorkspaceContainer"]
