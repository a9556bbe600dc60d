"""The location of the v2 API in scaleapi 2. In new code, import from :mod:`scaleapi.v2`."""

from __future__ import annotations

from . import v2

__all__ = ["v2"]
