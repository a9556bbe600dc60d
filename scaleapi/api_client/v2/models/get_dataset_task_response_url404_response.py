"""The location of ``GetDatasetTaskResponseUrl404Response`` in scaleapi 2."""

from __future__ import annotations

from . import GetDatasetTaskResponseUrl404Response

__all__ = ["GetDatasetTaskResponseUrl404Response"]
