"""pyarrow, which is optional."""

from __future__ import annotations

from importlib import import_module
from typing import Any, TypeAlias

__all__ = ["ArrowTable", "RecordBatch", "RecordBatchReader", "Schema", "arrow", "memory_pool"]

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


def memory_pool() -> Any:
    """Return the allocator for batches: that of the system.

    pyarrow's own keeps memory for each thread: 60 MB more, with eight threads.
    """
    return arrow().system_memory_pool()
