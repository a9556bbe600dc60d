"""The location of ``SensitiveContentReport`` in scaleapi 2."""

from __future__ import annotations

from . import SensitiveContentReport

__all__ = ["SensitiveContentReport"]
