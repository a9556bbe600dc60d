"""Options that choose tasks."""

from __future__ import annotations

import argparse
from typing import Any

__all__ = ["add_filters", "filters_of"]

#: Filters that take one value, and those that may be repeated.
_FILTERS = (
    "batch-name",
    "task-type",
    "status",
    "created-after",
    "created-before",
    "completed-after",
    "completed-before",
    "updated-after",
    "updated-before",
)
_LISTS = ("review-status", "unique-id", "tags")


def add_filters(parser: argparse.ArgumentParser, project: bool = True) -> None:
    """Add the filters of the task list.

    Args:
        parser: The parser of a command.
        project: Whether the project's name is among them.
    """
    if project:
        parser.add_argument("--project-name", metavar="VALUE")
    for name in _FILTERS:
        parser.add_argument(f"--{name}", metavar="VALUE")
    for name in _LISTS:
        parser.add_argument(f"--{name}", action="append", metavar="VALUE", help="may be repeated")


def filters_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return the filters that were given, by their names in :meth:`ScaleClient.get_tasks`."""
    names = [name.replace("-", "_") for name in ("project-name", *_FILTERS, *_LISTS)]
    values = {name: getattr(options, name, None) for name in names}
    return {name: value for name, value in values.items() if value is not None}
