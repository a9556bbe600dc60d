"""Where scaleapi 2 had ``ErrorType``."""

from __future__ import annotations

from . import ErrorType

__all__ = ["ErrorType"]
