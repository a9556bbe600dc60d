"""The location of ``ExpandableEnumDatasetsDeliveries`` in scaleapi 2."""

from __future__ import annotations

from . import ExpandableEnumDatasetsDeliveries

__all__ = ["ExpandableEnumDatasetsDeliveries"]
