"""Where scaleapi 2 had ``GetDatasetTaskResponseUrl404Response``."""

from __future__ import annotations

from . import GetDatasetTaskResponseUrl404Response

__all__ = ["GetDatasetTaskResponseUrl404Response"]
