"""The tables of documents."""

from __future__ import annotations

from typing import NamedTuple


class TableSpec(NamedTuple):
    """The table of one kind of resource.

    Attributes:
        name: The name of the table.
        identity: The column that identifies a resource within its mode.
        fields: Fields of the document that are copied to columns of the same name.
    """

    name: str
    identity: str
    fields: tuple[str, ...]


PROJECTS = TableSpec("projects", "name", ("name", "created_at", "type"))
BATCHES = TableSpec(
    "batches",
    "name",
    ("id", "name", "project", "status", "created_at", "completed_at", "last_audited_at"),
)
TASKS = TableSpec(
    "tasks",
    "task_id",
    (
        "task_id",
        "created_at",
        "updated_at",
        "completed_at",
        "status",
        "type",
        "project",
        "batch",
        "unique_id",
        "customer_review_status",
    ),
)
AUDITS = TableSpec("audits", "id", ("id", "task_id"))
TEAMMATES = TableSpec("teammates", "email", ("email",))
GROUPS = TableSpec("studio_groups", "id", ("id",))
QUALITY_TASKS = TableSpec("quality_tasks", "id", ("id",))
RESPONSE_SCHEMAS = TableSpec("response_schemas", "id", ("id",))
TASK_DELIVERIES = TableSpec("task_deliveries", "id", ("id", "project", "name", "delivered_at"))
DATASETS = TableSpec("datasets", "id", ("id", "name"))
DATASET_DELIVERIES = TableSpec(
    "dataset_deliveries", "id", ("id", "dataset", "name", "delivered_at")
)
DATASET_TASKS = TableSpec("dataset_tasks", "task_id", ("task_id", "dataset", "delivery"))
FILES = TableSpec("files", "id", ("id", "attachment_url", "reference_id", "created_at"))

DOCUMENT_TABLES = (
    PROJECTS,
    BATCHES,
    TASKS,
    AUDITS,
    TEAMMATES,
    GROUPS,
    QUALITY_TASKS,
    RESPONSE_SCHEMAS,
    TASK_DELIVERIES,
    DATASETS,
    DATASET_DELIVERIES,
    DATASET_TASKS,
    FILES,
)
"""All of them."""
