"""Where scaleapi 2 had ``GenAIProjectType``."""

from __future__ import annotations

from . import GenAIProjectType

__all__ = ["GenAIProjectType"]
