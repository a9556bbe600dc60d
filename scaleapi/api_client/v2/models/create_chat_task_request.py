"""Where scaleapi 2 had ``CreateChatTaskRequest``."""

from __future__ import annotations

from . import CreateChatTaskRequest

__all__ = ["CreateChatTaskRequest"]
