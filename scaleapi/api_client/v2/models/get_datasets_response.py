"""The location of ``GetDatasetsResponse`` in scaleapi 2."""

from __future__ import annotations

from . import GetDatasetsResponse

__all__ = ["GetDatasetsResponse"]
