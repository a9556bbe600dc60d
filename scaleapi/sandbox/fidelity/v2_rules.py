"""Rules of v2."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import ASSUMED, DOCUMENTED, OWN, SEEN, Behavior

V2_RULES: Sequence[Behavior] = (
    Behavior(
        "v2 supports batches and tasks in projects of the types chat, chatexperimental, chatlite,"
        " multichat and multistage; those of any other return 404",
        "docs: v2 tasks names chat and chatlite; the rest is assumed",
        ASSUMED,
        "v2/test_projects.py::test_hides_other_types",
    ),
    Behavior(
        "v2 lists and returns projects of every type",
        "programs that look them up there",
        ASSUMED,
        "v2/test_projects.py::test_projects_of_other_types_are_listed",
    ),
    Behavior(
        "Projects, batches and tasks are the same in v1 and v2, under the same ids and names",
        "docs: v2; immediate visibility is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_v1_task_is_a_v2_task",
    ),
    Behavior(
        "A task created through v2 has the type of its project",
        "not documented",
        ASSUMED,
        "v2/test_projects.py::test_supports_generative_types",
    ),
    Behavior(
        "A v2 project has the archetype Other and the models of the canned conversations",
        "the official Python client; the values are assumed",
        ASSUMED,
        "v2/test_projects.py::test_get_project_by_id_and_name",
    ),
    Behavior(
        "An id and a name of different projects or batches return 400",
        "not documented",
        ASSUMED,
        "v2/test_batches.py::test_rejects_id_and_name_of_different_batches",
    ),
    Behavior(
        "A v2 list without any of its alternative required parameters returns 400 that names them",
        "docs: v2; the status is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_filters",
    ),
    Behavior(
        "An unknown value of expand or opts returns 400; values are repeated, not comma-separated",
        "the official Python client; the status is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_rejects_unknown_expand_and_opts",
    ),
    Behavior(
        "An expanded object contains ids, not nested objects",
        "not documented",
        ASSUMED,
        "v2/test_tasks.py::test_expand_related_resources",
    ),
    Behavior(
        "v2 pages hold 100 entries, newest first, canceled ones included; the last one has no"
        " next_token",
        "docs: v2; order and last page are assumed",
        ASSUMED,
        "v2/test_tasks.py::test_pagination_while_tasks_are_added",
    ),
    Behavior(
        "Dates in v2 queries may omit the time or offset, or the colon of the offset",
        "docs: v2 and the official Python client",
        SEEN,
        "v2/test_projects.py::test_list_projects_by_time",
    ),
    Behavior(
        "v2 tasks are never deleted: the filter for deleted ones returns none",
        OWN,
        ASSUMED,
        "v2/test_tasks.py::test_filters",
    ),
    Behavior(
        "A v2 chat task honors unique_id and Idempotency-Key as v1 does: 409 with the task's id",
        "docs: idempotent requests; assumed for v2",
        ASSUMED,
        "v2/test_tasks.py::test_duplicate_task_conflicts",
    ),
    Behavior(
        "v2 omits empty metadata of tasks",
        "docs: v2 tasks, a sample",
        ASSUMED,
        "v2/test_tasks.py::test_create_task",
    ),
    Behavior(
        "v2 metadata is replaced, or merged object by object",
        "the official Python client",
        SEEN,
        "v2/test_tasks.py::test_metadata_is_replaced_or_merged",
    ),
    Behavior(
        "POST /v2/batch also accepts the project's id or name as project",
        "docs: v2 batches, a sample; inferred",
        ASSUMED,
        "v2/test_batches.py::test_create_batch_with_project_field",
    ),
    Behavior(
        "A v2 batch starts in progress, except with staging_batch or in Rapid and Studio projects",
        "docs: v2 batches; false is not mentioned",
        ASSUMED,
        "v2/test_batches.py::test_create_batch",
    ),
    Behavior(
        "A batch is finalized from staging, paused from in_progress, resumed from paused, and"
        " cancelled from all three; otherwise 400",
        "docs: v2 batches; the status is assumed",
        DOCUMENTED,
        "v2/test_batches.py::test_operations_by_status",
    ),
    Behavior(
        "The response to an operation on a v2 batch has its new status",
        "not documented",
        ASSUMED,
        "v2/test_batches.py::test_operations_by_status",
    ),
    Behavior(
        "In a paused batch no work starts; tasks may be added and wait",
        "docs: v2 batches; new tasks are not mentioned",
        ASSUMED,
        "v2/test_batches.py::test_paused_batch_starts_no_work",
    ),
    Behavior(
        "Cancelling a batch cancels tasks on which work has not started; it accepts no new tasks",
        "docs: v2 batches; new tasks are not mentioned",
        DOCUMENTED,
        "v2/test_batches.py::test_cancelled_batch_accepts_no_tasks",
    ),
    Behavior(
        "v1 returns these statuses for paused and cancelled batches, too",
        "not documented",
        ASSUMED,
        "v2/test_batches.py::test_list_batches",
    ),
    Behavior(
        "A completed chat task has a canned conversation with annotations of all twelve types",
        "the official Python client's models; the content is sandbox only",
        ASSUMED,
        "v2/test_conversations.py::test_annotations_of_all_types",
    ),
    Behavior(
        "A canned conversation starts with the prompt of the template variables, and its last turn"
        " contains the output of the v1 response",
        OWN,
        ASSUMED,
        "v2/test_conversations.py::test_canned_conversation",
    ),
    Behavior(
        "Chunks have the type text",
        "the official Python client does not restrict it",
        ASSUMED,
        "v2/test_conversations.py::test_canned_conversation",
    ),
    Behavior(
        "Rubrics are both annotations and objects, which agree: a total is the sum of score times"
        " weight, and the percentage is relative to the maximum total",
        "the official Python client's models",
        SEEN,
        "v2/test_conversations.py::test_rubrics_are_consistent",
    ),
    Behavior(
        "A rating refers to its criterion by id or contains it",
        "the official Python client's models",
        SEEN,
        "v2/test_conversations.py::test_rubrics_are_consistent",
    ),
    Behavior(
        "Without annotation_details, annotations have key and value only; without"
        " attachment_details, files have content and URLs only",
        "docs: v2 tasks, samples",
        ASSUMED,
        "v2/test_conversations.py::test_optional_parts",
    ),
    Behavior(
        "Model parameters of messages and submissions of threads are included on request",
        "docs: v2 tasks; a sample includes model parameters anyway",
        ASSUMED,
        "v2/test_conversations.py::test_optional_parts",
    ),
    Behavior(
        "A given response with threads is the conversation; one with sensitive_content_reports"
        " omits the conversation",
        "docs: v2 tasks; how to get there is sandbox only",
        ASSUMED,
        "v2/test_conversations.py::test_sensitive_content",
    ),
    Behavior(
        "A failed chat task has one error; its text is the type if it is a valid one, else the type"
        " is PROMPT_INFEASIBLE",
        "docs: v2 tasks; the choice of type is sandbox only",
        ASSUMED,
        "v2/test_conversations.py::test_errors",
    ),
    Behavior(
        "Chat tasks have the same callbacks as v1",
        "not documented",
        ASSUMED,
        "v2/test_conversations.py::test_callbacks",
    ),
    Behavior(
        "A seeded delivery contains the completed, undelivered tasks of a project",
        OWN,
        ASSUMED,
        "v2/test_deliveries.py::test_tasks_are_delivered_once",
    ),
    Behavior(
        "The name of a delivery requires the project; all given parameters must match, else 400",
        "docs: v2 deliveries; inferred",
        ASSUMED,
        "v2/test_deliveries.py::test_missing_delivery",
    ),
    Behavior(
        "A delivery_id that filters a list must belong to the project, else 404, or 400 if it is of"
        " another project",
        "not documented",
        ASSUMED,
        "v2/test_deliveries.py::test_rejects_delivery_of_another_project",
    ),
    Behavior(
        "A raw response is a conversation with all parts, and null before delivery",
        "docs: v2 deliveries; the form is assumed",
        ASSUMED,
        "v2/test_deliveries.py::test_raw_responses",
    ),
    Behavior(
        "Each delivery has its own schema, to which its tasks refer",
        "docs: v2 schemas; that each has its own is assumed",
        ASSUMED,
        "v2/test_deliveries.py::test_response_schema",
    ),
    Behavior(
        "A schema id that is not 24 hex digits returns 400",
        "docs: v2 schemas",
        DOCUMENTED,
        "v2/test_deliveries.py::test_missing_schema",
    ),
    Behavior(
        "Only seeds create datasets; the redirect to an attachment needs no key and expires after"
        " an hour",
        OWN,
        ASSUMED,
        "v2/test_datasets.py::test_attachment",
    ),
)
