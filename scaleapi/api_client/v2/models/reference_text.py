"""The location of ``ReferenceText`` in scaleapi 2."""

from __future__ import annotations

from . import ReferenceText

__all__ = ["ReferenceText"]
