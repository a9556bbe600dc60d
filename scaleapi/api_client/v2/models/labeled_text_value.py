"""The location of ``LabeledTextValue`` in scaleapi 2."""

from __future__ import annotations

from . import LabeledTextValue

__all__ = ["LabeledTextValue"]
