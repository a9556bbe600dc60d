"""Rules of v1 tasks and their responses."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import ASSUMED, DOCUMENTED, OWN, SEEN, Behavior

TASK_RULES: Sequence[Behavior] = (
    Behavior(
        "A missing body returns 400 where one is required",
        "the official Python client omits empty bodies",
        ASSUMED,
        "test_task_changes.py::test_rejects_missing_body",
    ),
    Behavior(
        "A duplicate unique_id, across all projects and types, returns 409 with the task's id",
        "docs: idempotent requests",
        DOCUMENTED,
        "test_task_creation.py::test_unique_id_conflict_names_the_task",
    ),
    Behavior(
        "A reused Idempotency-Key returns 409 with the task's id",
        "docs: errors; the text is assumed",
        DOCUMENTED,
        "test_task_creation.py::test_idempotency_key_expires_after_a_day",
    ),
    Behavior(
        "An Idempotency-Key expires after 24 hours",
        "not documented",
        ASSUMED,
        "test_task_creation.py::test_idempotency_key_expires_after_a_day",
    ),
    Behavior(
        "A test task is completed in the response that creates it",
        "the official Ruby client's recordings",
        SEEN,
        "test_transitions.py::test_test_mode_is_immediate_by_default",
    ),
    Behavior(
        "A live task is completed after one second by default",
        OWN,
        ASSUMED,
        "test_transitions.py::test_live_mode_takes_a_second_by_default",
    ),
    Behavior(
        "Work on a task does not start before its staged batch is finalized",
        "not documented",
        ASSUMED,
        "test_transitions.py::test_a_staged_task_waits_for_its_batch",
    ),
    Behavior(
        "Only a pending task on which work has not started can be canceled, else 400",
        "docs: tasks; the official Python client's tests",
        DOCUMENTED,
        "test_task_changes.py::test_cancel",
    ),
    Behavior(
        "Canceling twice returns 200 and changes nothing",
        "official Node client",
        SEEN,
        "test_task_changes.py::test_cancel",
    ),
    Behavior(
        "Only completed tasks can be audited, else 400",
        "not documented",
        ASSUMED,
        "test_task_changes.py::test_audit_requires_a_completed_task",
    ),
    Behavior(
        "Audits set the review status and append comments; a fix keeps prior responses",
        "docs: quality overview",
        DOCUMENTED,
        "test_task_changes.py::test_a_fixed_task_keeps_its_prior_response",
    ),
    Behavior(
        "A failed task has the status error and a response that lists the attachments",
        "docs: errors",
        DOCUMENTED,
        "test_task_changes.py::test_failed_task_lists_attachments",
    ),
    Behavior(
        "Attachments that cannot be loaded turn the task into an error when work starts",
        "docs: errors",
        DOCUMENTED,
        "test_broken_attachments.py::test_local_urls_are_probed",
    ),
    Behavior(
        "Attachments are probed after the create returns; work starts when that is done",
        "docs: errors; the order is assumed",
        ASSUMED,
        "test_broken_attachments.py::test_a_create_waits_for_no_attachment",
    ),
    Behavior(
        "Broken frames of a video or lidar task are identified by number",
        "docs: errors; for which types is assumed",
        DOCUMENTED,
        "test_broken_attachments.py::test_broken_frames_are_numbered",
    ),
    Behavior(
        "Only files of the sandbox and local URLs are checked",
        OWN,
        ASSUMED,
        "test_broken_attachments.py::test_available_attachments_are_no_error",
    ),
    Behavior(
        "A disabled task type returns 402",
        "docs: errors",
        DOCUMENTED,
        "test_broken_attachments.py::test_disabled_type",
    ),
    Behavior(
        "A missing required parameter of a task type returns 400 that names it",
        "docs: task types; the official Python client's README and tests",
        DOCUMENTED,
        "test_task_creation.py::test_missing_parameter_is_named",
    ),
    Behavior(
        "Numbers may be sent as strings",
        "the official Python client's tests",
        SEEN,
        "test_task_creation.py::test_accepts_numeric_strings",
    ),
    Behavior(
        "Unknown parameters are accepted, in bodies and queries",
        "the official Python client's tests",
        SEEN,
        "test_task_creation.py::test_task_with_all_fields",
    ),
    Behavior(
        "A task has at most 5 tags",
        "docs: tasks",
        DOCUMENTED,
        "test_task_changes.py::test_tags_are_at_most_five_after_adding",
    ),
    Behavior(
        "Metadata is an object of at most 10 KB; a larger one returns 400",
        "official Node client; the status is assumed",
        SEEN,
        "test_task_changes.py::test_metadata_is_an_object_of_10_kb",
    ),
    Behavior(
        "Task parameters override those of the project, which override defaults; instructions are"
        " concatenated",
        "docs: projects",
        DOCUMENTED,
        "test_task_creation.py::test_precedence_of_parameters",
    ),
    Behavior(
        "A task may inherit an older version of the project's parameters, or none with -1",
        "official Node client",
        SEEN,
        "test_task_creation.py::test_older_version_of_parameters",
    ),
    Behavior(
        "Rapid and Studio batches are staged and accept tasks until they are finalized",
        "docs: batches",
        DOCUMENTED,
        "test_task_creation.py::test_rapid_project_requires_a_staged_batch",
    ),
    Behavior(
        "Lists of tasks use cursors: a keyset in base64-encoded JSON",
        "official Python client; the format is from captured responses",
        SEEN,
        "test_task_lists.py::test_envelope",
    ),
    Behavior(
        "A limit is between 1 and 100, else 400",
        "docs: tasks; the status is assumed",
        DOCUMENTED,
        "test_task_lists.py::test_rejects_limit_out_of_range",
    ),
    Behavior(
        "Time ranges include both ends",
        "not documented",
        ASSUMED,
        "test_task_lists.py::test_filters_by_time",
    ),
    Behavior(
        "Queries may spell booleans True or False, repeat list parameters, and join review statuses"
        " with commas",
        "official Python client",
        SEEN,
        "test_task_lists.py::test_accepts_boolean_formats",
    ),
    Behavior(
        "A filter by several tags matches tasks with any of them",
        "not documented",
        ASSUMED,
        "test_task_lists.py::test_filters_by_tags",
    ),
    Behavior(
        "A limited response contains task_id, status, metadata and project",
        "the official Python client's README",
        SEEN,
        "test_task_lists.py::test_limited_response",
    ),
    Behavior(
        "A completed text collection has responses beside its annotations, one per required"
        " response",
        "programs that read them; their format is assumed",
        ASSUMED,
        "test_older_programs.py::test_text_collection_has_responses",
    ),
    Behavior(
        "A text collection with template_variables needs no attachments",
        "programs that send none",
        ASSUMED,
        "test_older_programs.py::test_text_collection_with_template_variables_needs_no_attachments",
    ),
    Behavior(
        "Result files require the live key",
        "docs: secure result URLs",
        DOCUMENTED,
        "test_responses.py::test_result_files_require_the_live_key",
    ),
    Behavior(
        "The oldest task types return the same shapes for every image",
        "the official Ruby client's recordings",
        SEEN,
        "test_responses.py::test_oldest_types_have_fixed_shapes",
    ),
    Behavior(
        "A segmentation links to real images: by color, by index, and a mask per label",
        "docs: segmentation",
        DOCUMENTED,
        "test_result_files.py::test_segmentation",
    ),
    Behavior(
        "Results of videos and point clouds are JSON files",
        "docs: video and lidar callbacks",
        DOCUMENTED,
        "test_result_files.py::test_video_playback",
    ),
    Behavior(
        "Annotations of documents refer to a page of document_pages",
        "docs: document transcription",
        DOCUMENTED,
        "test_responses.py::test_documents",
    ),
    Behavior(
        "Types whose response format is not published return no annotations",
        "not documented",
        ASSUMED,
        "test_responses.py::test_types_without_a_published_response",
    ),
    Behavior(
        "Canned responses have every requested geometry, inside the image if it was uploaded",
        "docs: geometries",
        DOCUMENTED,
        "test_responses.py::test_shapes_are_inside_the_image",
    ),
)
