"""The location of ``AnnotationWorkspaceContainerProperties`` in scaleapi 2."""

from __future__ import annotations

from . import AnnotationWorkspaceContainerProperties

__all__ = ["AnnotationWorkspaceContainerProperties"]
