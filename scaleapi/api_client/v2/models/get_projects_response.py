"""The location of ``GetProjectsResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetProjectsResponse

__all__ = ["GetProjectsResponse"]
