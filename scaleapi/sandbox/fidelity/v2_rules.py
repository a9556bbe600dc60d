"""Every rule worth knowing of the v2 API."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import ASSUMED, DOCUMENTED, OWN, SEEN, Behavior

V2_RULES: Sequence[Behavior] = (
    Behavior(
        "v2 shows the projects of the types chat, chatexperimental, chatlite, multichat and"
        " multistage, with their batches and tasks; any other is a 404",
        "docs: v2 tasks names chat and chatlite; the rest is assumed",
        ASSUMED,
        "v2/test_projects.py::test_other_types_are_not_shown",
    ),
    Behavior(
        "Projects, batches and tasks are the same in v1 and v2, under the same ids and names",
        "docs: v2; that one call sees at once what the other did is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_a_task_of_v1_is_one_of_v2",
    ),
    Behavior(
        "A task that v2 creates is of the type of its project",
        "nowhere",
        ASSUMED,
        "v2/test_projects.py::test_generative_types_are_shown",
    ),
    Behavior(
        "A v2 project is of the archetype Other and has the models that canned answers name",
        "the official Python client; the values are assumed",
        ASSUMED,
        "v2/test_projects.py::test_a_project_by_id_and_by_name",
    ),
    Behavior(
        "An id and a name that do not name the same project or batch answer 400",
        "nowhere",
        ASSUMED,
        "v2/test_batches.py::test_id_and_name_of_different_batches",
    ),
    Behavior(
        "v2 lists without any of the parameters of which one is needed answer 400 that names them",
        "docs: v2; the status is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_filters",
    ),
    Behavior(
        "An unknown value of expand or opts answers 400; values are repeated, not comma-joined",
        "the official Python client; the status is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_unknown_parts_are_refused",
    ),
    Behavior(
        "An object that was expanded has ids of others in it",
        "nowhere",
        ASSUMED,
        "v2/test_tasks.py::test_related_things_as_objects",
    ),
    Behavior(
        "v2 pages hold 100, newest first, canceled ones too; the last page has no next_token",
        "docs: v2; order and last page are assumed",
        ASSUMED,
        "v2/test_tasks.py::test_pages_while_tasks_are_added",
    ),
    Behavior(
        "Dates in v2 queries may be without time or offset, or have one without a colon",
        "docs: v2 and the official Python client",
        SEEN,
        "v2/test_projects.py::test_projects_by_time",
    ),
    Behavior(
        "No v2 task is ever deleted: the filter finds none",
        OWN,
        ASSUMED,
        "v2/test_tasks.py::test_filters",
    ),
    Behavior(
        "A v2 chat task honours unique_id and Idempotency-Key as v1 does: 409 with the task's id",
        "docs: idempotent requests; for v2 it is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_a_task_is_created_once",
    ),
    Behavior(
        "A v2 answer leaves metadata out when it is empty, in tasks",
        "docs: v2 tasks, a sample",
        ASSUMED,
        "v2/test_tasks.py::test_a_new_task",
    ),
    Behavior(
        "v2 metadata is replaced, or merged object by object",
        "the official Python client",
        SEEN,
        "v2/test_tasks.py::test_metadata_is_replaced_or_merged",
    ),
    Behavior(
        "POST /v2/batch takes the project's id or name as project, too",
        "docs: v2 batches, a sample; inferred",
        ASSUMED,
        "v2/test_batches.py::test_the_project_of_a_new_batch_in_one_field",
    ),
    Behavior(
        "A v2 batch is in progress at once, unless staging_batch or a Rapid or Studio project",
        "docs: v2 batches; of false nothing is said",
        ASSUMED,
        "v2/test_batches.py::test_a_new_batch",
    ),
    Behavior(
        "A batch is finalized from staging, paused from in_progress, resumed from paused, and"
        " cancelled from all three; otherwise 400",
        "docs: v2 batches; the status is assumed",
        DOCUMENTED,
        "v2/test_batches.py::test_what_may_follow_what",
    ),
    Behavior(
        "The answer to an operation on a v2 batch has its new status already",
        "nowhere",
        ASSUMED,
        "v2/test_batches.py::test_what_may_follow_what",
    ),
    Behavior(
        "In a paused batch no work begins; tasks may be added, and wait",
        "docs: v2 batches; of new tasks nothing is said",
        ASSUMED,
        "v2/test_batches.py::test_nobody_begins_in_a_paused_batch",
    ),
    Behavior(
        "A cancelled batch cancels tasks on which no work has begun, and takes no more",
        "docs: v2 batches; of new tasks nothing is said",
        DOCUMENTED,
        "v2/test_batches.py::test_a_cancelled_batch_takes_no_tasks",
    ),
    Behavior(
        "v1 shows and lists a paused or cancelled batch under these words",
        "nowhere",
        ASSUMED,
        "v2/test_batches.py::test_lists",
    ),
    Behavior(
        "A completed chat task has a canned conversation with annotations of all twelve types",
        "the official Python client's models; the content is the sandbox's own",
        ASSUMED,
        "v2/test_conversations.py::test_annotations_of_every_type",
    ),
    Behavior(
        "A canned conversation begins with the prompt of the template variables, and its last turn"
        " has the output of the v1 response",
        OWN,
        ASSUMED,
        "v2/test_conversations.py::test_the_conversation",
    ),
    Behavior(
        "The chunks of a text are of the type text",
        "the official Python client leaves it open",
        ASSUMED,
        "v2/test_conversations.py::test_the_conversation",
    ),
    Behavior(
        "Rubrics are shown both as annotations and as objects, which agree: a total is the sum of"
        " score times weight, a percentage is of the best total",
        "the official Python client's models",
        SEEN,
        "v2/test_conversations.py::test_rubrics_add_up",
    ),
    Behavior(
        "A rating names its criterion by id or holds all of it",
        "the official Python client's models",
        SEEN,
        "v2/test_conversations.py::test_rubrics_add_up",
    ),
    Behavior(
        "Without annotation_details annotations have key and value only; without"
        " attachment_details files have content and URLs only",
        "docs: v2 tasks, samples",
        ASSUMED,
        "v2/test_conversations.py::test_parts_are_shown_when_asked_for",
    ),
    Behavior(
        "Model parameters of messages and submissions of threads are there when asked for",
        "docs: v2 tasks; a sample has model parameters all the same",
        ASSUMED,
        "v2/test_conversations.py::test_parts_are_shown_when_asked_for",
    ),
    Behavior(
        "A given response with threads is the conversation; one with sensitive_content_reports"
        " leaves the conversation out",
        "docs: v2 tasks; how it comes to it is the sandbox's own",
        ASSUMED,
        "v2/test_conversations.py::test_sensitive_content",
    ),
    Behavior(
        "A failed chat task has one error: of the type that the words are, else PROMPT_INFEASIBLE",
        "docs: v2 tasks; which type is the sandbox's own",
        ASSUMED,
        "v2/test_conversations.py::test_errors",
    ),
    Behavior(
        "The callback of a chat task is that of v1",
        "nowhere",
        ASSUMED,
        "v2/test_conversations.py::test_callbacks",
    ),
    Behavior(
        "A delivery of a seed hands over what is completed in a project and not delivered yet",
        OWN,
        ASSUMED,
        "v2/test_deliveries.py::test_what_is_delivered_is_not_delivered_again",
    ),
    Behavior(
        "The name of a delivery needs the project beside it; what is given must agree, else 400",
        "docs: v2 deliveries; inferred",
        ASSUMED,
        "v2/test_deliveries.py::test_a_delivery_that_is_not_there",
    ),
    Behavior(
        "A delivery_id that narrows a list must be of the project: else 404, or 400 if it is of"
        " another",
        "nowhere",
        ASSUMED,
        "v2/test_deliveries.py::test_a_delivery_of_another_project",
    ),
    Behavior(
        "A raw response is a conversation with all parts, and null before it is delivered",
        "docs: v2 deliveries; the form is assumed",
        ASSUMED,
        "v2/test_deliveries.py::test_raw_responses",
    ),
    Behavior(
        "Each delivery has a schema of its own, which the rows of its tasks name",
        "docs: v2 schemas; that each has its own is assumed",
        ASSUMED,
        "v2/test_deliveries.py::test_the_schema_of_a_response",
    ),
    Behavior(
        "A schema id of another form than 24 hex digits answers 400",
        "docs: v2 schemas",
        DOCUMENTED,
        "v2/test_deliveries.py::test_a_schema_that_is_not_there",
    ),
    Behavior(
        "Datasets come by seed; the redirect to an attachment lives for an hour and needs no key",
        OWN,
        ASSUMED,
        "v2/test_datasets.py::test_an_attachment",
    ),
)
