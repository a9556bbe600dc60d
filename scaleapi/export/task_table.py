"""The table of tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .arrow import RecordBatchReader
from .table import Table, flag, json_column, number, text, texts, time

if TYPE_CHECKING:
    from ..tasks import Task

__all__ = ["TASKS", "task_reader"]

TASKS = Table(
    text("task_id"),
    text("type"),
    text("status"),
    time("created_at"),
    time("updated_at"),
    time("completed_at"),
    text("project"),
    text("batch"),
    text("unique_id"),
    text("instruction"),
    number("priority"),
    texts("tags"),
    text("callback_url"),
    flag("is_test"),
    number("project_param_version"),
    text("customer_review_status"),
    json_column("params"),
    json_column("metadata"),
    json_column("response"),
)


def task_reader(tasks: Iterable[Task]) -> RecordBatchReader:
    """Return tasks as a stream of record batches, one row for each.

    Params, metadata and response are JSON text, since they differ from type to type; times are
    timestamps in UTC. Whatever has no column is in ``other``, as JSON text.

    Args:
        tasks: The tasks, read as the batches are asked for.

    Raises:
        ImportError: pyarrow is not installed.

    Example:
        >>> task_reader(client.get_tasks("parcels")).read_all().num_rows
        24
    """
    return TASKS.reader(TASKS.row(task.as_dict()) for task in tasks)
