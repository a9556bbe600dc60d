"""Every rule worth knowing of the v2 API."""

from __future__ import annotations

from collections.abc import Sequence

from .behaviour import ASSUMED, DOCUMENTED, OWN, SEEN, Behaviour

V2_RULES: Sequence[Behaviour] = (
    Behaviour(
        "v2 shows the projects of the types chat, chatexperimental, chatlite, multichat and"
        " multistage, with their batches and tasks; any other is a 404",
        "docs: v2 tasks names chat and chatlite; the rest is assumed",
        ASSUMED,
        "v2/test_projects.py::test_other_types_are_not_shown",
    ),
    Behaviour(
        "Projects, batches and tasks are the same in v1 and v2, under the same ids and names",
        "docs: v2; that one call sees at once what the other did is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_a_task_of_v1_is_one_of_v2",
    ),
    Behaviour(
        "A task that v2 creates is of the type of its project",
        "nowhere",
        ASSUMED,
        "v2/test_projects.py::test_generative_types_are_shown",
    ),
    Behaviour(
        "A v2 project is of the archetype Other and has the models that canned answers name",
        "the official Python client; the values are assumed",
        ASSUMED,
        "v2/test_projects.py::test_a_project_by_id_and_by_name",
    ),
    Behaviour(
        "An id and a name that do not name the same project or batch answer 400",
        "nowhere",
        ASSUMED,
        "v2/test_batches.py::test_id_and_name_of_different_batches",
    ),
    Behaviour(
        "v2 lists without any of the parameters of which one is needed answer 400 that names them",
        "docs: v2; the status is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_filters",
    ),
    Behaviour(
        "An unknown value of expand or opts answers 400; values are repeated, not comma-joined",
        "the official Python client; the status is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_unknown_parts_are_refused",
    ),
    Behaviour(
        "An object that was expanded has ids of others in it",
        "nowhere",
        ASSUMED,
        "v2/test_tasks.py::test_related_things_as_objects",
    ),
    Behaviour(
        "v2 pages hold 100, newest first, canceled ones too; the last page has no next_token",
        "docs: v2; order and last page are assumed",
        ASSUMED,
        "v2/test_tasks.py::test_pages_while_tasks_are_added",
    ),
    Behaviour(
        "Dates in v2 queries may be without time or offset, or have one without a colon",
        "docs: v2 and the official Python client",
        SEEN,
        "v2/test_projects.py::test_projects_by_time",
    ),
    Behaviour(
        "No v2 task is ever deleted: the filter finds none",
        OWN,
        ASSUMED,
        "v2/test_tasks.py::test_filters",
    ),
    Behaviour(
        "A v2 chat task honours unique_id and Idempotency-Key as v1 does: 409 with the task's id",
        "docs: idempotent requests; for v2 it is assumed",
        ASSUMED,
        "v2/test_tasks.py::test_a_task_is_created_once",
    ),
    Behaviour(
        "A v2 answer leaves metadata out when it is empty, in tasks",
        "docs: v2 tasks, a sample",
        ASSUMED,
        "v2/test_tasks.py::test_a_new_task",
    ),
    Behaviour(
        "v2 metadata is replaced, or merged object by object",
        "the official Python client",
        SEEN,
        "v2/test_tasks.py::test_metadata_is_replaced_or_merged",
    ),
    Behaviour(
        "POST /v2/batch takes the project's id or name as project, too",
        "docs: v2 batches, a sample; inferred",
        ASSUMED,
        "v2/test_batches.py::test_the_project_of_a_new_batch_in_one_field",
    ),
    Behaviour(
        "A v2 batch is in progress at once, unless staging_batch or a Rapid or Studio project",
        "docs: v2 batches; of false nothing is said",
        ASSUMED,
        "v2/test_batches.py::test_a_new_batch",
    ),
    Behaviour(
        "A batch is finalized from staging, paused from in_progress, resumed from paused, and"
        " cancelled from all three; otherwise 400",
        "docs: v2 batches; the status is assumed",
        DOCUMENTED,
        "v2/test_batches.py::test_what_may_follow_what",
    ),
    Behaviour(
        "The answer to an operation on a v2 batch has its new status already",
        "nowhere",
        ASSUMED,
        "v2/test_batches.py::test_what_may_follow_what",
    ),
    Behaviour(
        "In a paused batch no work begins; tasks may be added, and wait",
        "docs: v2 batches; of new tasks nothing is said",
        ASSUMED,
        "v2/test_batches.py::test_nobody_begins_in_a_paused_batch",
    ),
    Behaviour(
        "A cancelled batch cancels tasks on which no work has begun, and takes no more",
        "docs: v2 batches; of new tasks nothing is said",
        DOCUMENTED,
        "v2/test_batches.py::test_a_cancelled_batch_takes_no_tasks",
    ),
    Behaviour(
        "v1 shows and lists a paused or cancelled batch under these words",
        "nowhere",
        ASSUMED,
        "v2/test_batches.py::test_lists",
    ),
)
