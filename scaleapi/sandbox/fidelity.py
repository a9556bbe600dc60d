"""What the sandbox does, where that is known from, and how sure it is.

Every route has one row, and so has every rule worth knowing. The name of a test in
``tests/sandbox/rules`` shows each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

Certainty = Literal["documented", "seen in the official client", "assumed"]

_DOCUMENTED: Certainty = "documented"
_SEEN: Certainty = "seen in the official client"
_ASSUMED: Certainty = "assumed"


class Behaviour(NamedTuple):
    """One row of the table.

    Attributes:
        what: The route, or the rule in words.
        source: Where it is known from.
        certainty: How sure it is.
        test: The test that shows it: a file of ``tests/sandbox/rules`` and a function in it.
    """

    what: str
    source: str
    certainty: Certainty
    test: str


_OWN = "the sandbox's own"

ROUTES: Sequence[Behaviour] = (
    Behaviour(
        "POST /v1/task/<type_name>",
        "docs: tasks",
        _DOCUMENTED,
        "test_task_creation.py::test_a_task_in_full",
    ),
    Behaviour(
        "GET /v1/task/<task_id>",
        "docs: tasks",
        _DOCUMENTED,
        "test_task_creation.py::test_every_type_can_be_created_and_is_completed",
    ),
    Behaviour(
        "GET /v1/tasks",
        "docs: tasks",
        _DOCUMENTED,
        "test_task_lists.py::test_pages_are_newest_first_and_complete",
    ),
    Behaviour(
        "POST /v1/task/<task_id>/cancel",
        "docs: tasks",
        _DOCUMENTED,
        "test_task_changes.py::test_cancel",
    ),
    Behaviour(
        "POST /v1/task/<task_id>/setMetadata",
        "docs: tasks",
        _DOCUMENTED,
        "test_task_changes.py::test_metadata_tags_and_unique_id_change_in_any_state",
    ),
    Behaviour(
        "POST /v1/task/<task_id>/unique_id",
        "official Python client",
        _SEEN,
        "test_task_changes.py::test_unique_id_is_moved_and_cleared",
    ),
    Behaviour(
        "DELETE /v1/task/<task_id>/unique_id",
        "official Python client",
        _SEEN,
        "test_task_changes.py::test_unique_id_is_moved_and_cleared",
    ),
    *(
        Behaviour(
            f"{method} /v1/task/<task_id>/tags",
            "official Python client",
            _SEEN,
            "test_task_changes.py::test_tags_are_replaced_added_and_removed",
        )
        for method in ("POST", "PUT", "DELETE")
    ),
    Behaviour(
        "POST /v1/task/<task_id>/audit",
        "official Python client",
        _SEEN,
        "test_task_changes.py::test_audit_reviews_a_completed_task",
    ),
    Behaviour(
        "GET /v1/audits",
        "third-party clients; experimental",
        _ASSUMED,
        "test_task_changes.py::test_audits_are_listed",
    ),
    Behaviour(
        "POST /v1/task/<task_id>/send_callback",
        "third-party clients; experimental",
        _ASSUMED,
        "test_task_changes.py::test_send_callback",
    ),
    Behaviour(
        "GET /v1/task/<task_id>/response_url/<file_id>",
        "docs: secure result URLs",
        _DOCUMENTED,
        "test_answers.py::test_result_files_need_the_live_key",
    ),
    Behaviour(
        "POST /v1/batches",
        "docs: batches",
        _DOCUMENTED,
        "test_batches.py::test_a_new_batch",
    ),
    Behaviour(
        "GET /v1/batches",
        "docs: batches",
        _DOCUMENTED,
        "test_batches.py::test_filters",
    ),
    Behaviour(
        "GET /v1/batches/<name>",
        "docs: batches",
        _DOCUMENTED,
        "test_batches.py::test_a_new_batch",
    ),
    Behaviour(
        "GET /v1/batches/<name>/status",
        "docs: batches",
        _DOCUMENTED,
        "test_batches.py::test_status_counts_the_tasks",
    ),
    Behaviour(
        "POST /v1/batches/<name>/finalize",
        "docs: batches",
        _DOCUMENTED,
        "test_batches.py::test_finalize_staged_once",
    ),
    Behaviour(
        "POST /v1/batches/<name>/setMetadata",
        "official Python client",
        _SEEN,
        "test_batches.py::test_metadata_is_replaced",
    ),
    Behaviour(
        "POST /v1/batches/<name>/prioritize",
        "docs: batches (title only); experimental",
        _ASSUMED,
        "test_batches.py::test_prioritize_before_finalization",
    ),
    Behaviour(
        "POST /v1/projects",
        "docs: projects",
        _DOCUMENTED,
        "test_projects.py::test_a_new_project",
    ),
    Behaviour(
        "GET /v1/projects",
        "docs: projects",
        _DOCUMENTED,
        "test_projects.py::test_projects_are_listed",
    ),
    Behaviour(
        "GET /v1/projects/<name>",
        "docs: projects",
        _DOCUMENTED,
        "test_projects.py::test_a_new_project",
    ),
    Behaviour(
        "POST /v1/projects/<name>/setParams",
        "docs: projects",
        _DOCUMENTED,
        "test_projects.py::test_set_params_appends_a_version",
    ),
    Behaviour(
        "POST /v1/projects/<name>/setOntology",
        "official Node client",
        _SEEN,
        "test_projects.py::test_set_ontology_keeps_versions",
    ),
    Behaviour(
        "GET /v1/projects/<name>/taskTemplates",
        "official Python client",
        _SEEN,
        "test_projects.py::test_the_task_template",
    ),
    Behaviour("POST /v1/files/upload", "docs: files", _DOCUMENTED, "test_files.py::test_upload"),
    Behaviour(
        "POST /v1/files/import",
        "docs: files",
        _DOCUMENTED,
        "test_files.py::test_import_from_this_machine",
    ),
    Behaviour(
        "GET /v1/files",
        "docs: files (Get Assets, without its path); experimental",
        _ASSUMED,
        "test_files.py::test_files_of_a_project",
    ),
    Behaviour(
        "GET /_storage/<content_id>",
        _OWN + ", in place of storage links",
        _ASSUMED,
        "test_files.py::test_attachments_can_be_downloaded",
    ),
    Behaviour(
        "GET /_sandbox/", _OWN, _ASSUMED, "test_control.py::test_the_sandbox_describes_itself"
    ),
    Behaviour("GET /_sandbox/clock", _OWN, _ASSUMED, "test_control.py::test_the_clock"),
    Behaviour("POST /_sandbox/clock", _OWN, _ASSUMED, "test_control.py::test_the_clock"),
    Behaviour(
        "POST /_sandbox/tasks/<task_id>/<action>",
        _OWN,
        _ASSUMED,
        "test_control.py::test_a_task_is_moved_by_hand",
    ),
    Behaviour("POST /_sandbox/reset", _OWN, _ASSUMED, "test_control.py::test_reset"),
    Behaviour(
        "GET /_sandbox/requests", _OWN, _ASSUMED, "test_control.py::test_requests_are_listed"
    ),
)
"""One row per route."""

RULES: Sequence[Behaviour] = (
    Behaviour(
        "The key is a Basic user name without password",
        "docs: authentication",
        _DOCUMENTED,
        "test_access.py::test_basic_and_bearer_open_a_world",
    ),
    Behaviour(
        "A Bearer key is taken as well",
        "official Node client",
        _SEEN,
        "test_access.py::test_basic_and_bearer_open_a_world",
    ),
    Behaviour(
        "Any other key answers 401, before everything else",
        "docs: errors",
        _DOCUMENTED,
        "test_access.py::test_any_other_key_is_refused",
    ),
    Behaviour(
        "Test and live share nothing; a project of the other world answers 400",
        "docs: authentication; the status is assumed",
        _DOCUMENTED,
        "test_access.py::test_a_project_of_the_other_world_is_refused",
    ),
    Behaviour(
        'An error is {"status_code", "error"}, for unknown routes and methods too',
        "docs: errors; the official Ruby client's recordings",
        _DOCUMENTED,
        "test_access.py::test_unknown_route_and_wrong_method",
    ),
    Behaviour(
        "Success is always 200",
        "official Python client",
        _SEEN,
        "test_access.py::test_success_is_always_200_and_json",
    ),
    Behaviour(
        "A trailing slash is tolerated",
        "official tools",
        _SEEN,
        "test_access.py::test_a_trailing_slash_is_tolerated",
    ),
    Behaviour(
        "A missing body answers 400 where one is needed",
        "the official Python client leaves out bodies that are empty",
        _ASSUMED,
        "test_task_changes.py::test_a_missing_body_is_refused",
    ),
    Behaviour(
        "A unique_id is taken once, over all projects and types: 409 with the task's id",
        "docs: idempotent requests",
        _DOCUMENTED,
        "test_task_creation.py::test_unique_id_conflict_names_the_task",
    ),
    Behaviour(
        "An Idempotency-Key that made a task answers 409, with the task's id",
        "docs: errors; the text is assumed",
        _DOCUMENTED,
        "test_task_creation.py::test_idempotency_key_is_remembered_for_a_day",
    ),
    Behaviour(
        "An Idempotency-Key is remembered for 24 hours",
        "nowhere",
        _ASSUMED,
        "test_task_creation.py::test_idempotency_key_is_remembered_for_a_day",
    ),
    Behaviour(
        "A test task is completed in the answer that creates it",
        "the official Ruby client's recordings",
        _SEEN,
        "test_transitions.py::test_by_default_the_test_world_is_immediate",
    ),
    Behaviour(
        "A live task is completed after a second, unless set otherwise",
        _OWN,
        _ASSUMED,
        "test_transitions.py::test_by_default_the_live_world_takes_a_second",
    ),
    Behaviour(
        "Nobody works on a task before its staged batch is finalized",
        "nowhere",
        _ASSUMED,
        "test_transitions.py::test_a_staged_task_waits_for_its_batch",
    ),
    Behaviour(
        "Only a pending task on which no work has begun can be canceled; completed ones answer 400",
        "docs: tasks; the official Python client's tests",
        _DOCUMENTED,
        "test_task_changes.py::test_cancel",
    ),
    Behaviour(
        "Canceling twice answers 200 and changes nothing",
        "official Node client",
        _SEEN,
        "test_task_changes.py::test_cancel",
    ),
    Behaviour(
        "Only completed tasks can be audited, else 400",
        "nowhere",
        _ASSUMED,
        "test_task_changes.py::test_audit_needs_a_completed_task",
    ),
    Behaviour(
        "Audits set the review status and append comments; a fix keeps prior responses",
        "docs: quality overview",
        _DOCUMENTED,
        "test_task_changes.py::test_a_fixed_task_keeps_its_prior_response",
    ),
    Behaviour(
        "A failed task is an error whose response names the attachments",
        "docs: errors",
        _DOCUMENTED,
        "test_task_changes.py::test_a_failed_task_says_why",
    ),
    Behaviour(
        "Required parameters of every type are checked: 400 that names them",
        "docs: task types; the official Python client's README and tests",
        _DOCUMENTED,
        "test_task_creation.py::test_a_required_parameter_that_is_missing_is_named",
    ),
    Behaviour(
        "Numbers may come as strings",
        "the official Python client's tests",
        _SEEN,
        "test_task_creation.py::test_numeric_strings_are_taken",
    ),
    Behaviour(
        "Unknown parameters are accepted, in bodies and queries",
        "the official Python client's tests",
        _SEEN,
        "test_task_creation.py::test_a_task_in_full",
    ),
    Behaviour(
        "A task has at most 5 tags",
        "docs: tasks",
        _DOCUMENTED,
        "test_task_changes.py::test_tags_are_at_most_five_after_adding",
    ),
    Behaviour(
        "Metadata is an object of at most 10 KB; larger answers 400",
        "official Node client; the status is assumed",
        _SEEN,
        "test_task_changes.py::test_metadata_is_an_object_of_10_kb",
    ),
    Behaviour(
        "Task parameters win over the project's, those over defaults; instructions are joined",
        "docs: projects",
        _DOCUMENTED,
        "test_task_creation.py::test_task_before_project_before_default",
    ),
    Behaviour(
        "A task may inherit an older version of the parameters, or none with -1",
        "official Node client",
        _SEEN,
        "test_task_creation.py::test_an_older_version_of_the_parameters",
    ),
    Behaviour(
        "Rapid and Studio batches are staged and take tasks until they are finalized",
        "docs: batches",
        _DOCUMENTED,
        "test_task_creation.py::test_a_rapid_project_needs_a_batch_that_is_staged",
    ),
    Behaviour(
        "A batch is completed when it has a task and none is pending",
        "docs: batches; of empty and canceled ones nothing is said",
        _ASSUMED,
        "test_batches.py::test_a_batch_is_completed_with_its_last_task",
    ),
    Behaviour(
        "A new or recalled task opens a completed batch again",
        "nowhere",
        _ASSUMED,
        "test_batches.py::test_a_batch_is_completed_with_its_last_task",
    ),
    Behaviour(
        "Lists of tasks go by cursor, a keyset in base64 JSON",
        "official Python client; the form is from captured answers",
        _SEEN,
        "test_task_lists.py::test_the_envelope",
    ),
    Behaviour(
        "Lists of batches go by offset and name their total twice",
        "official Python and Node clients",
        _SEEN,
        "test_batches.py::test_pages",
    ),
    Behaviour(
        "A limit is 1 to 100, else 400",
        "docs: tasks; the status is assumed",
        _DOCUMENTED,
        "test_task_lists.py::test_a_limit_out_of_bounds_is_refused",
    ),
    Behaviour(
        "Bounds of time are included",
        "nowhere",
        _ASSUMED,
        "test_task_lists.py::test_filters_by_time",
    ),
    Behaviour(
        "Booleans in queries may be True or False, lists repeated, review statuses comma-joined",
        "official Python client",
        _SEEN,
        "test_task_lists.py::test_spellings_of_booleans",
    ),
    Behaviour(
        "A task with any of several tags is found",
        "nowhere",
        _ASSUMED,
        "test_task_lists.py::test_filters_by_tags",
    ),
    Behaviour(
        "A limited response carries task_id, status, metadata and project",
        "the official Python client's README",
        _SEEN,
        "test_task_lists.py::test_limited_response",
    ),
    Behaviour(
        "A file is at most 80 MB; larger answers 400",
        "docs: files; the status is assumed",
        _DOCUMENTED,
        "test_files.py::test_a_file_that_is_too_large",
    ),
    Behaviour(
        "A reference_id is taken once: 409",
        "docs: files",
        _DOCUMENTED,
        "test_files.py::test_a_reference_id_is_taken_once",
    ),
    Behaviour(
        "An import from another host is noted, not fetched; its type is guessed from its name",
        _OWN,
        _ASSUMED,
        "test_files.py::test_import_from_elsewhere_is_noted_only",
    ),
    Behaviour(
        "Links to attachments need no key and live for an hour",
        "captured answers; the hour is assumed",
        _ASSUMED,
        "test_files.py::test_attachments_can_be_downloaded",
    ),
    Behaviour(
        "Result files need the live key",
        "docs: secure result URLs",
        _DOCUMENTED,
        "test_answers.py::test_result_files_need_the_live_key",
    ),
    Behaviour(
        "Canned responses have every geometry asked for, inside the image if it was uploaded",
        "docs: geometries",
        _DOCUMENTED,
        "test_answers.py::test_shapes_are_inside_the_image",
    ),
)
"""One row per rule worth knowing."""


def table() -> str:
    """Return all rows as text, in columns."""
    rows = [Behaviour._fields, *ROUTES, *RULES]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
