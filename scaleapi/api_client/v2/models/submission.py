"""The location of ``Submission`` in scaleapi 2."""

from __future__ import annotations

from . import Submission

__all__ = ["Submission"]
