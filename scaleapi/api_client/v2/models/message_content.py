"""The location of ``MessageContent`` in scaleapi 2."""

from __future__ import annotations

from . import MessageContent

__all__ = ["MessageContent"]
