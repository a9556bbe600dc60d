"""The location of ``CreateChatTaskRequest`` in scaleapi 2."""

from __future__ import annotations

from . import CreateChatTaskRequest

__all__ = ["CreateChatTaskRequest"]
