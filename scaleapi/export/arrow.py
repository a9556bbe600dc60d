"""pyarrow, which is optional."""

from __future__ import annotations

from importlib import import_module
from typing import Any, TypeAlias

__all__ = ["ArrowTable", "RecordBatch", "RecordBatchReader", "Schema", "arrow"]

#: Classes of pyarrow, which has no types to check against.
ArrowTable: TypeAlias = Any
RecordBatch: TypeAlias = Any
RecordBatchReader: TypeAlias = Any
Schema: TypeAlias = Any


def arrow(module: str = "pyarrow") -> Any:
    """Return pyarrow, or a module of it.

    Raises:
        ImportError: It is not installed.
    """
    try:
        return import_module(module)
    except ImportError:
        raise ImportError(
            'Parquet and tables need pyarrow: pip install "scaleapi[arrow]"'
        ) from None
