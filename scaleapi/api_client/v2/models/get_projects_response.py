"""Where scaleapi 2 had ``GetProjectsResponse``."""

from __future__ import annotations

from . import GetProjectsResponse

__all__ = ["GetProjectsResponse"]
