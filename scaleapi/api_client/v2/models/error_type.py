"""The location of ``ErrorType`` in scaleapi 2."""

from __future__ import annotations

from . import ErrorType

__all__ = ["ErrorType"]
