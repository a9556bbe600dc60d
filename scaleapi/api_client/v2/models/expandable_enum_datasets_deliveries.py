"""Where scaleapi 2 had ``ExpandableEnumDatasetsDeliveries``."""

from __future__ import annotations

from . import ExpandableEnumDatasetsDeliveries

__all__ = ["ExpandableEnumDatasetsDeliveries"]
