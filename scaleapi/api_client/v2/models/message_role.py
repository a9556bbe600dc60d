"""The location of ``MessageRole`` in scaleapi 2."""

from __future__ import annotations

from . import MessageRole

__all__ = ["MessageRole"]
