"""The location of ``ResumeBatch200Response`` in scaleapi 2."""

from __future__ import annotations

from . import ResumeBatch200Response

__all__ = ["ResumeBatch200Response"]
