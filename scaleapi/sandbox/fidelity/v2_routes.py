"""Routes of v2."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import DOCUMENTED, SEEN, Behavior

V2_ROUTES: Sequence[Behavior] = (
    Behavior(
        "GET /v2/task",
        "docs: v2 tasks",
        DOCUMENTED,
        "v2/test_tasks.py::test_related_things_as_objects",
    ),
    Behavior(
        "POST /v2/task/chat", "docs: v2 tasks", DOCUMENTED, "v2/test_tasks.py::test_a_new_task"
    ),
    Behavior(
        "POST /v2/task/metadata",
        "the official Python client",
        SEEN,
        "v2/test_tasks.py::test_metadata_is_replaced_or_merged",
    ),
    Behavior("GET /v2/tasks", "docs: v2 tasks", DOCUMENTED, "v2/test_tasks.py::test_filters"),
    Behavior(
        "GET /v2/batch", "docs: v2 batches", DOCUMENTED, "v2/test_batches.py::test_a_new_batch"
    ),
    Behavior(
        "POST /v2/batch", "docs: v2 batches", DOCUMENTED, "v2/test_batches.py::test_a_new_batch"
    ),
    Behavior("GET /v2/batches", "docs: v2 batches", DOCUMENTED, "v2/test_batches.py::test_lists"),
    Behavior(
        "POST /v2/batch/finalize",
        "docs: v2 batches",
        DOCUMENTED,
        "v2/test_batches.py::test_nobody_begins_in_a_staged_batch",
    ),
    Behavior(
        "POST /v2/batch/pause",
        "docs: v2 batches",
        DOCUMENTED,
        "v2/test_batches.py::test_nobody_begins_in_a_paused_batch",
    ),
    Behavior(
        "POST /v2/batch/resume",
        "docs: v2 batches",
        DOCUMENTED,
        "v2/test_batches.py::test_nobody_begins_in_a_paused_batch",
    ),
    Behavior(
        "POST /v2/batch/cancel",
        "docs: v2 batches",
        DOCUMENTED,
        "v2/test_batches.py::test_work_that_has_begun_goes_on",
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
        "v2/test_projects.py::test_a_project_by_id_and_by_name",
    ),
    Behavior(
        "GET /v2/projects",
        "docs: v2 projects",
        DOCUMENTED,
        "v2/test_projects.py::test_projects_by_time",
    ),
    Behavior(
        "GET /v2/annotation",
        "docs: v2 annotations",
        DOCUMENTED,
        "v2/test_conversations.py::test_every_annotation_is_found",
    ),
    Behavior(
        "GET /v2/deliveries",
        "docs: v2 deliveries",
        DOCUMENTED,
        "v2/test_deliveries.py::test_what_is_delivered_is_not_delivered_again",
    ),
    Behavior(
        "GET /v2/delivery",
        "docs: v2 deliveries",
        DOCUMENTED,
        "v2/test_deliveries.py::test_a_delivery",
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
        "v2/test_deliveries.py::test_the_schema_of_a_response",
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
        "v2/test_datasets.py::test_a_delivery",
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
        "v2/test_datasets.py::test_an_attachment",
    ),
)
