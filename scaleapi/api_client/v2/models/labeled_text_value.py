"""Where scaleapi 2 had ``LabeledTextValue``."""

from __future__ import annotations

from . import LabeledTextValue

__all__ = ["LabeledTextValue"]
