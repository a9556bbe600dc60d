"""Every rule worth knowing of tasks and their responses."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import ASSUMED, DOCUMENTED, OWN, SEEN, Behavior

TASK_RULES: Sequence[Behavior] = (
    Behavior(
        "A missing body answers 400 where one is needed",
        "the official Python client leaves out bodies that are empty",
        ASSUMED,
        "test_task_changes.py::test_a_missing_body_is_refused",
    ),
    Behavior(
        "A unique_id is taken once, over all projects and types: 409 with the task's id",
        "docs: idempotent requests",
        DOCUMENTED,
        "test_task_creation.py::test_unique_id_conflict_names_the_task",
    ),
    Behavior(
        "An Idempotency-Key that made a task answers 409, with the task's id",
        "docs: errors; the text is assumed",
        DOCUMENTED,
        "test_task_creation.py::test_idempotency_key_is_remembered_for_a_day",
    ),
    Behavior(
        "An Idempotency-Key is remembered for 24 hours",
        "nowhere",
        ASSUMED,
        "test_task_creation.py::test_idempotency_key_is_remembered_for_a_day",
    ),
    Behavior(
        "A test task is completed in the answer that creates it",
        "the official Ruby client's recordings",
        SEEN,
        "test_transitions.py::test_by_default_the_test_world_is_immediate",
    ),
    Behavior(
        "A live task is completed after a second, unless set otherwise",
        OWN,
        ASSUMED,
        "test_transitions.py::test_by_default_the_live_world_takes_a_second",
    ),
    Behavior(
        "Nobody works on a task before its staged batch is finalized",
        "nowhere",
        ASSUMED,
        "test_transitions.py::test_a_staged_task_waits_for_its_batch",
    ),
    Behavior(
        "Only a pending task on which no work has begun can be canceled; completed ones answer 400",
        "docs: tasks; the official Python client's tests",
        DOCUMENTED,
        "test_task_changes.py::test_cancel",
    ),
    Behavior(
        "Canceling twice answers 200 and changes nothing",
        "official Node client",
        SEEN,
        "test_task_changes.py::test_cancel",
    ),
    Behavior(
        "Only completed tasks can be audited, else 400",
        "nowhere",
        ASSUMED,
        "test_task_changes.py::test_audit_needs_a_completed_task",
    ),
    Behavior(
        "Audits set the review status and append comments; a fix keeps prior responses",
        "docs: quality overview",
        DOCUMENTED,
        "test_task_changes.py::test_a_fixed_task_keeps_its_prior_response",
    ),
    Behavior(
        "A failed task is an error whose response names the attachments",
        "docs: errors",
        DOCUMENTED,
        "test_task_changes.py::test_a_failed_task_says_why",
    ),
    Behavior(
        "Attachments that cannot be loaded turn the task into an error when work begins",
        "docs: errors",
        DOCUMENTED,
        "test_broken_attachments.py::test_a_url_of_this_machine_is_asked",
    ),
    Behavior(
        "Broken frames of a video or lidar task are named by their number",
        "docs: errors; for which types is assumed",
        DOCUMENTED,
        "test_broken_attachments.py::test_frames_are_named_by_their_number",
    ),
    Behavior(
        "Only files of the sandbox and URLs of this machine can be broken",
        OWN,
        ASSUMED,
        "test_broken_attachments.py::test_what_is_there_is_no_error",
    ),
    Behavior(
        "A task type that is switched off answers 402",
        "docs: errors",
        DOCUMENTED,
        "test_broken_attachments.py::test_a_type_that_is_switched_off",
    ),
    Behavior(
        "Required parameters of every type are checked: 400 that names them",
        "docs: task types; the official Python client's README and tests",
        DOCUMENTED,
        "test_task_creation.py::test_a_required_parameter_that_is_missing_is_named",
    ),
    Behavior(
        "Numbers may come as strings",
        "the official Python client's tests",
        SEEN,
        "test_task_creation.py::test_numeric_strings_are_taken",
    ),
    Behavior(
        "Unknown parameters are accepted, in bodies and queries",
        "the official Python client's tests",
        SEEN,
        "test_task_creation.py::test_a_task_in_full",
    ),
    Behavior(
        "A task has at most 5 tags",
        "docs: tasks",
        DOCUMENTED,
        "test_task_changes.py::test_tags_are_at_most_five_after_adding",
    ),
    Behavior(
        "Metadata is an object of at most 10 KB; larger answers 400",
        "official Node client; the status is assumed",
        SEEN,
        "test_task_changes.py::test_metadata_is_an_object_of_10_kb",
    ),
    Behavior(
        "Task parameters win over the project's, those over defaults; instructions are joined",
        "docs: projects",
        DOCUMENTED,
        "test_task_creation.py::test_task_before_project_before_default",
    ),
    Behavior(
        "A task may inherit an older version of the parameters, or none with -1",
        "official Node client",
        SEEN,
        "test_task_creation.py::test_an_older_version_of_the_parameters",
    ),
    Behavior(
        "Rapid and Studio batches are staged and take tasks until they are finalized",
        "docs: batches",
        DOCUMENTED,
        "test_task_creation.py::test_a_rapid_project_needs_a_batch_that_is_staged",
    ),
    Behavior(
        "Lists of tasks go by cursor, a keyset in base64 JSON",
        "official Python client; the form is from captured answers",
        SEEN,
        "test_task_lists.py::test_the_envelope",
    ),
    Behavior(
        "A limit is 1 to 100, else 400",
        "docs: tasks; the status is assumed",
        DOCUMENTED,
        "test_task_lists.py::test_a_limit_out_of_bounds_is_refused",
    ),
    Behavior(
        "Bounds of time are included",
        "nowhere",
        ASSUMED,
        "test_task_lists.py::test_filters_by_time",
    ),
    Behavior(
        "Booleans in queries may be True or False, lists repeated, review statuses comma-joined",
        "official Python client",
        SEEN,
        "test_task_lists.py::test_spellings_of_booleans",
    ),
    Behavior(
        "A task with any of several tags is found",
        "nowhere",
        ASSUMED,
        "test_task_lists.py::test_filters_by_tags",
    ),
    Behavior(
        "A limited response carries task_id, status, metadata and project",
        "the official Python client's README",
        SEEN,
        "test_task_lists.py::test_limited_response",
    ),
    Behavior(
        "Result files need the live key",
        "docs: secure result URLs",
        DOCUMENTED,
        "test_answers.py::test_result_files_need_the_live_key",
    ),
    Behavior(
        "The oldest types answer the same shapes for every image",
        "the official Ruby client's recordings",
        SEEN,
        "test_answers.py::test_the_oldest_types_answer_the_same_for_every_image",
    ),
    Behavior(
        "A segmentation links real images: by colour, by index, and a mask per label",
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
        "Annotations of documents name a page of document_pages",
        "docs: document transcription",
        DOCUMENTED,
        "test_answers.py::test_documents",
    ),
    Behavior(
        "Types whose responses are not published find nothing",
        "nowhere",
        ASSUMED,
        "test_answers.py::test_types_without_a_published_response",
    ),
    Behavior(
        "Canned responses have every geometry asked for, inside the image if it was uploaded",
        "docs: geometries",
        DOCUMENTED,
        "test_answers.py::test_shapes_are_inside_the_image",
    ),
)
