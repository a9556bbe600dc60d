"""Routes of v2."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import DOCUMENTED, SEEN, Behavior

V2_ROUTES: Sequence[Behavior] = (
    Behavior(
        "GET /v2/task",
        "docs: v2 tasks",
        DOCUMENTED,
        "v2/test_tasks.py::test_expand_related_resources",
    ),
    Behavior(
        "POST /v2/task/chat", "docs: v2 tasks", DOCUMENTED, "v2/test_tasks.py::test_create_task"
    ),
    Behavior(
        "POST /v2/task/metadata",
        "the official Python client",
        SEEN,
        "v2/test_tasks.py::test_metadata_is_replaced_or_merged",
    ),
    Behavior("GET /v2/tasks", "docs: v2 tasks", DOCUMENTED, "v2/test_tasks.py::test_filters"),
    Behavior(
        "GET /v2/batch", "docs: v2 batches", DOCUMENTED, "v2/test_batches.py::test_create_batch"
    ),
    Behavior(
        "POST /v2/batch", "docs: v2 batches", DOCUMENTED, "v2/test_batches.py::test_create_batch"
    ),
    Behavior(
        "GET /v2/batches", "docs: v2 batches", DOCUMENTED, "v2/test_batches.py::test_list_batches"
    ),
    Behavior(
        "POST /v2/batch/finalize",
        "docs: v2 batches",
        DOCUMENTED,
        "v2/test_batches.py::test_staged_batch_starts_no_work",
    ),
    Behavior(
        "POST /v2/batch/pause",
        "docs: v2 batches",
        DOCUMENTED,
        "v2/test_batches.py::test_paused_batch_starts_no_work",
    ),
    Behavior(
        "POST /v2/batch/resume",
        "docs: v2 batches",
        DOCUMENTED,
        "v2/test_batches.py::test_paused_batch_starts_no_work",
    ),
    Behavior(
        "POST /v2/batch/cancel",
        "docs: v2 batches",
        DOCUMENTED,
        "v2/test_batches.py::test_started_work_continues",
    ),
    Behavior(
        "POST /v2/batch/metadata",
        "docs: v2 batches",
        DOCUMENTED,
        "v2/test_batches.py::test_metadata_is_replaced_or_merged",
    ),
    Behavior(
        "GET /v2/project",
        "docs: v2 projects",
        DOCUMENTED,
        "v2/test_projects.py::test_get_project_by_id_and_name",
    ),
    Behavior(
        "GET /v2/projects",
        "docs: v2 projects",
        DOCUMENTED,
        "v2/test_projects.py::test_list_projects_by_time",
    ),
    Behavior(
        "GET /v2/annotation",
        "docs: v2 annotations",
        DOCUMENTED,
        "v2/test_conversations.py::test_get_every_annotation",
    ),
    Behavior(
        "GET /v2/deliveries",
        "docs: v2 deliveries",
        DOCUMENTED,
        "v2/test_deliveries.py::test_tasks_are_delivered_once",
    ),
    Behavior(
        "GET /v2/delivery",
        "docs: v2 deliveries",
        DOCUMENTED,
        "v2/test_deliveries.py::test_get_delivery",
    ),
    Behavior(
        "GET /v2/delivery/tasks",
        "docs: v2 deliveries",
        DOCUMENTED,
        "v2/test_deliveries.py::test_raw_responses",
    ),
    Behavior(
        "GET /v2/schema",
        "docs: v2 schemas",
        DOCUMENTED,
        "v2/test_deliveries.py::test_response_schema",
    ),
    Behavior(
        "GET /v2/datasets", "docs: v2 datasets", DOCUMENTED, "v2/test_datasets.py::test_datasets"
    ),
    Behavior(
        "GET /v2/datasets/deliveries",
        "docs: v2 datasets",
        DOCUMENTED,
        "v2/test_datasets.py::test_deliveries",
    ),
    Behavior(
        "GET /v2/datasets/delivery",
        "docs: v2 datasets",
        DOCUMENTED,
        "v2/test_datasets.py::test_get_delivery",
    ),
    Behavior(
        "GET /v2/datasets/task", "docs: v2 datasets", DOCUMENTED, "v2/test_datasets.py::test_tasks"
    ),
    Behavior(
        "GET /v2/datasets/tasks", "docs: v2 datasets", DOCUMENTED, "v2/test_datasets.py::test_tasks"
    ),
    Behavior(
        "GET /v2/datasets/task/<task_id>/response_url/<attachment_id>",
        "docs: v2 datasets",
        DOCUMENTED,
        "v2/test_datasets.py::test_attachment",
    ),
)
