"""The location of ``GenAIProjectType`` in scaleapi 2."""

from __future__ import annotations

from . import GenAIProjectType

__all__ = ["GenAIProjectType"]
