"""Where scaleapi 2 had ``AnnotationWorkspaceContainerProperties``."""

from __future__ import annotations

from . import AnnotationWorkspaceContainerProperties

__all__ = ["AnnotationWorkspaceContainerProperties"]
