"""Filters of the task list, by the names of the client and of the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._arguments import page_size_of, text_of
from .exceptions import ScaleArgumentError

__all__ = ["task_query"]

#: Client name to wire name (https://scale.com/docs/api-reference/tasks). The names of the wire
#: are taken too.
_WIRE_NAMES = {
    "project_name": "project",
    "batch_name": "batch",
    "task_type": "type",
    "review_status": "customer_review_status",
    "created_after": "start_time",
    "created_before": "end_time",
}

_WIRE_FILTERS = frozenset(
    {
        *_WIRE_NAMES.values(),
        "status",
        "unique_id",
        "completed_after",
        "completed_before",
        "updated_after",
        "updated_before",
        "tags",
        "include_attachment_url",
        "limited_response",
        "limit",
        "next_token",
    }
)


def task_query(method: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the query for a task list.

    Args:
        method: The method that the caller used, for the error.
        filters: Filter names and values; ``None`` for a filter that is not used.

    Raises:
        ScaleArgumentError: A filter is unknown, is given twice or has a bad value.
    """
    query: dict[str, Any] = {}
    for name, value in filters.items():
        wire_name = _WIRE_NAMES.get(name, name)
        if wire_name not in _WIRE_FILTERS:
            raise ScaleArgumentError(name, f"is an illegal parameter for ScaleClient.{method}()")
        if value is None:
            continue
        if wire_name in query:
            raise ScaleArgumentError(name, f"and {wire_name} are the same; give one of them")
        query[wire_name] = _checked(name, wire_name, value)
    return query


def _checked(name: str, wire_name: str, value: Any) -> Any:
    if wire_name == "limit":
        return page_size_of(name, value)
    if wire_name == "customer_review_status":
        # The service takes these joined by commas, unlike other lists.
        several = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
        return ",".join(text_of(name, one) for one in several)
    return value
