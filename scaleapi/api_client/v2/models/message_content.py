"""Where scaleapi 2 had ``MessageContent``."""

from __future__ import annotations

from . import MessageContent

__all__ = ["MessageContent"]
