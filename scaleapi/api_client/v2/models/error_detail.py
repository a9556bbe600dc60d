"""The location of ``ErrorDetail`` in scaleapi 2."""

from __future__ import annotations

from . import ErrorDetail

__all__ = ["ErrorDetail"]
