"""Where scaleapi 2 had ``ResumeBatch200Response``."""

from __future__ import annotations

from . import ResumeBatch200Response

__all__ = ["ResumeBatch200Response"]
