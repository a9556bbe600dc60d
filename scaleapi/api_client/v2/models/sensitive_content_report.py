"""Where scaleapi 2 had ``SensitiveContentReport``."""

from __future__ import annotations

from . import SensitiveContentReport

__all__ = ["SensitiveContentReport"]
