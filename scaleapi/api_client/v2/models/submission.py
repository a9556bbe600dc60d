"""Where scaleapi 2 had ``Submission``."""

from __future__ import annotations

from . import Submission

__all__ = ["Submission"]
