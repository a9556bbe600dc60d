"""Where scaleapi 2 had ``ErrorDetail``."""

from __future__ import annotations

from . import ErrorDetail

__all__ = ["ErrorDetail"]
