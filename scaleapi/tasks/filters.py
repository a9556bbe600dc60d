"""The filters of the task list, with their names in the client and on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._arguments import (
    Check,
    flag_of,
    one_or_several,
    page_size_of,
    query_of,
    text_of,
    texts_of,
    time_of,
)

__all__ = ["ALWAYS_IN_QUERY", "task_query"]

#: Client names to wire names (https://scale.com/docs/api-reference/tasks). Wire names are accepted
#: as well.
_WIRE_NAMES = {
    "project_name": "project",
    "batch_name": "batch",
    "task_type": "type",
    "review_status": "customer_review_status",
    "created_after": "start_time",
    "created_before": "end_time",
}


def _choice(argument: str, value: object) -> str | list[str] | None:
    """Check one or several enum members. ``False``, as in ``flag and member``, means none."""
    return None if value is False else one_or_several(argument, value)


def _statuses(argument: str, value: object) -> str | None:
    """Check one or several review statuses, which are sent separated by commas."""
    return None if value is False else ",".join(texts_of(argument, value)) or None


def _true_of(argument: str, value: object) -> bool | None:
    """Check a flag that is sent only if it is true."""
    return flag_of(argument, value) or None


_CHECKS: dict[str, Check] = {
    "project": one_or_several,
    "batch": one_or_several,
    "type": _choice,
    "status": _choice,
    "customer_review_status": _statuses,
    "unique_id": one_or_several,
    "tags": one_or_several,
    "start_time": time_of,
    "end_time": time_of,
    "completed_after": time_of,
    "completed_before": time_of,
    "updated_after": time_of,
    "updated_before": time_of,
    "include_attachment_url": flag_of,
    "limited_response": _true_of,
    "limit": page_size_of,
    "next_token": text_of,
}

#: Filters whose key a query has even if they are omitted, as in scaleapi 2.
ALWAYS_IN_QUERY = (
    "project",
    "batch",
    "unique_id",
    "tags",
    "start_time",
    "end_time",
    "completed_after",
    "completed_before",
    "updated_after",
    "updated_before",
    "include_attachment_url",
)


def task_query(method: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    """Build the query of a task list.

    Args:
        method: The name of the calling method, for the error.
        filters: Filter names and values. Values of ``None``, ``""`` and ``[]`` are ignored.

    Raises:
        ScaleArgumentError: If a filter is unknown, is given twice or has an invalid value.
    """
    return query_of(method, filters, _WIRE_NAMES, _CHECKS)
