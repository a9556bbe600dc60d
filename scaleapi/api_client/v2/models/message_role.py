"""Where scaleapi 2 had ``MessageRole``."""

from __future__ import annotations

from . import MessageRole

__all__ = ["MessageRole"]
