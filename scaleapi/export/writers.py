"""Files of tasks: JSON lines and Parquet."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from .._arguments import shown
from ..exceptions import ScaleArgumentError
from .arrow import arrow
from .table import Batcher, json_text
from .task_table import TASKS

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["FORMATS", "TaskWriter", "check_format", "writer"]

#: The formats, and how the names of their files end.
FORMATS = {"jsonl": ".jsonl", "parquet": ".parquet"}


def check_format(format: object) -> str:
    """Return the name of a format.

    Raises:
        ScaleArgumentError: There is none of this name.
        ImportError: It needs a package that is not installed.
    """
    if not isinstance(format, str) or format not in FORMATS:
        known = " or ".join(repr(name) for name in FORMATS)
        raise ScaleArgumentError("format", f"must be {known}, not {shown(format)}")
    if format == "parquet":
        arrow()
    return format


class TaskWriter(Protocol):
    """A file of tasks that is being written.

    Attributes:
        count: How many tasks it has.
    """

    count: int

    def write(self, task: dict[str, Any]) -> None:
        """Write a task."""


class JsonlWriter:
    """Tasks as JSON lines, each as the service sent it.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._file = path.open("wb")

    def write(self, task: dict[str, Any]) -> None:
        """Write a task."""
        self._file.write(json_text(task).encode() + b"\n")
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()


class ParquetWriter:
    """Tasks as rows of Parquet, written batch by batch.

    Args:
        path: The file.

    Raises:
        ImportError: pyarrow is not installed.
    """

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._batcher = Batcher(TASKS)
        self._file = arrow("pyarrow.parquet").ParquetWriter(
            path, TASKS.schema(), compression="zstd"
        )

    def write(self, task: dict[str, Any]) -> None:
        """Write a task."""
        self._batcher.add(TASKS.row(task))
        self.count += 1
        if self._batcher.is_full:
            self._file.write_batch(self._batcher.take())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None and self._batcher.rows:
                self._file.write_batch(self._batcher.take())
        finally:
            self._file.close()


def writer(format: str, path: Path) -> AbstractContextManager[TaskWriter]:
    """Open a file of a known format for writing."""
    return JsonlWriter(path) if format == "jsonl" else ParquetWriter(path)
