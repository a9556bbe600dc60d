"""A data source for Spark 4: ``spark.read.format("scaleapi")``.

It needs pyspark and pyarrow, and this package on every worker, with the same minor version of
Python as the driver.

Example:
    >>> spark.dataSource.register(ScaleDataSource)
    >>> tasks = spark.read.format("scaleapi").option("project", "parcels").load()
    >>> tasks.groupBy("status").count().show()
"""
# pyspark is not among the packages that types are checked with: it is too large.
# pyright: reportMissingImports=false, reportUntypedBaseClass=false
# pyright: reportUnknownParameterType=false

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition

from .._arguments import count_of, flag_of, shown
from ..bulk.executors import Shared
from ..exceptions import ScaleArgumentError
from .annotation_table import ANNOTATIONS, annotation_reader
from .methods import export_query
from .run import newest, windows_until
from .shard import Pace, WindowReader
from .task_table import TASKS, task_reader
from .windows import Window
from .workers import workers_of

if TYPE_CHECKING:
    from ..tasks import TaskMethods

__all__ = ["ScaleDataSource"]

_TABLES = {"tasks": TASKS, "annotations": ANNOTATIONS}

_SQL_TYPES = {
    "string": "string",
    "int64": "bigint",
    "float64": "double",
    "bool": "boolean",
    "time": "timestamp",
    "texts": "array<string>",
    "points": "array<struct<x: double, y: double>>",
}


class ScaleDataSource(DataSource):
    """The tasks of a project, or their annotations, as rows; one partition for each window.

    The key and the URL of the service come from the environment of the driver
    (``SCALE_API_KEY``, ``SCALE_API_INSTANCE_URL``), since Spark shows options in its pages.

    Options: ``project``; ``table``, which is ``tasks`` or ``annotations``; ``window``, the most
    tasks of a partition; ``download_results``; and the filters of
    :meth:`~scaleapi.ScaleClient.get_tasks`.
    """

    @classmethod
    def name(cls) -> str:
        """Return the name for ``spark.read.format``."""
        return "scaleapi"

    def schema(self) -> str:
        """Return the columns, which do not depend on the data."""
        columns = _TABLES[_Options.of(self.options).table].columns
        types = [f"`{column.name}` {_SQL_TYPES[column.type]}" for column in columns]
        return ", ".join([*types, "`other` string"])

    def reader(self, schema: object) -> _Reader:
        """Return what reads the rows."""
        from ..client import ScaleClient  # noqa: PLC0415 - which is made from this package

        return _Reader(Shared(ScaleClient()), _Options.of(self.options))


class _Options(NamedTuple):
    """The options of a read, checked.

    Attributes:
        table: ``tasks`` or ``annotations``.
        query: The filters, by their names on the wire.
        window: How many tasks a partition may have.
        download_results: Whether to download annotations behind links.
    """

    table: str
    query: dict[str, Any]
    window: int
    download_results: bool

    @classmethod
    def of(cls, options: Mapping[str, str]) -> _Options:
        """Check options."""
        left = {name.lower(): value for name, value in options.items()}
        table = left.pop("table", "tasks")
        if table not in _TABLES:
            raise ScaleArgumentError("table", f"must be tasks or annotations, not {shown(table)}")
        window = count_of("window", left.pop("window", 20_000), 1)
        download = flag_of("download_results", left.pop("download_results", False))
        query = export_query("iter_arrow", left.pop("project", None), left)
        for name in ("start_time", "end_time"):
            if name in query:
                raise ScaleArgumentError(name, "is not supported: filter the rows by created_at")
        return cls(table, query, window, download)


class _Reader(DataSourceReader):
    """Reads the windows of a list of tasks, each on some worker."""

    def __init__(self, shared: Shared[TaskMethods], options: _Options) -> None:
        self._shared = shared
        self._options = options

    def partitions(self) -> Sequence[InputPartition]:
        """Plan the windows; one without a window if there are no tasks."""
        query = self._options.query
        _, last = newest(self._shared.value, query)
        with workers_of(None, None) as workers:
            windows = windows_until(last, workers, self._shared, query, most=self._options.window)
        return [InputPartition(tuple(window)) for window in windows] or [InputPartition(None)]

    def read(self, partition: InputPartition) -> Iterator[Any]:
        """Yield the record batches of a window."""
        if partition.value is None:
            return
        window = Window(*partition.value)
        tasks = WindowReader(self._shared.value, self._options.query, window, Pace(0))
        if self._options.table == "tasks":
            yield from task_reader(tasks)
        else:
            yield from annotation_reader(tasks, download_results=self._options.download_results)
