"""Where scaleapi 2 had the v2 API. New code imports from :mod:`scaleapi.v2`."""

from __future__ import annotations

from . import v2

__all__ = ["v2"]
