"""Rules of v1, except those of tasks."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import ASSUMED, DOCUMENTED, OWN, SEEN, Behavior

OTHER_RULES: Sequence[Behavior] = (
    Behavior(
        "The API key is the Basic user name",
        "docs: authentication",
        DOCUMENTED,
        "test_access.py::test_accepts_basic_and_bearer_authentication",
    ),
    Behavior(
        "A password beside the key is ignored",
        "programs that send one",
        ASSUMED,
        "test_older_programs.py::test_basic_password_is_ignored",
    ),
    Behavior(
        "Form-encoded bodies are accepted, with arrays and objects in brackets or as JSON",
        "older programs; whether the service still accepts them is not known",
        ASSUMED,
        "test_older_programs.py::test_form_encoded_objects",
    ),
    Behavior(
        "A body of more than 500 levels of objects and arrays returns 400",
        "whether the service has a limit is not known",
        ASSUMED,
        "test_request_bodies.py::test_a_body_of_too_many_levels",
    ),
    Behavior(
        "A Bearer key is accepted as well",
        "official Node client",
        SEEN,
        "test_access.py::test_accepts_basic_and_bearer_authentication",
    ),
    Behavior(
        "Any other key returns 401, before any other check",
        "docs: errors",
        DOCUMENTED,
        "test_access.py::test_rejects_invalid_key",
    ),
    Behavior(
        "Test and live mode share nothing; a project of the other mode returns 400",
        "docs: authentication; the status is assumed",
        DOCUMENTED,
        "test_access.py::test_rejects_project_of_the_other_mode",
    ),
    Behavior(
        'An error is {"status_code", "error"}, for unknown routes and methods too',
        "docs: errors; the official Ruby client's recordings",
        DOCUMENTED,
        "test_access.py::test_unknown_route_and_wrong_method",
    ),
    Behavior(
        "Success is always 200",
        "official Python client",
        SEEN,
        "test_access.py::test_success_is_always_200_and_json",
    ),
    Behavior(
        "A trailing slash is accepted",
        "official tools",
        SEEN,
        "test_access.py::test_accepts_trailing_slash",
    ),
    Behavior(
        "A seeded task with a status keeps it; one without is processed like any other",
        OWN,
        ASSUMED,
        "test_seed.py::test_tasks_with_a_status_keep_it",
    ),
    Behavior(
        "A seed is created completely or not at all; the error names the place in it",
        OWN,
        ASSUMED,
        "test_seed.py::test_rejects_invalid_seed_completely",
    ),
    Behavior(
        "Links to result files and the clock offset survive a restart on another port",
        OWN,
        ASSUMED,
        "test_snapshots.py::test_links_and_clock_survive_a_restart",
    ),
    Behavior(
        "A batch is completed when it has a task and none is pending",
        "docs: batches; empty and canceled ones are not mentioned",
        ASSUMED,
        "test_batches.py::test_batch_is_completed_with_its_last_task",
    ),
    Behavior(
        "A new or recalled task reopens a completed batch",
        "not documented",
        ASSUMED,
        "test_batches.py::test_batch_is_completed_with_its_last_task",
    ),
    Behavior(
        "The role admin can be neither granted nor revoked",
        "official Node client",
        SEEN,
        "test_teams.py::test_admin_role_is_fixed",
    ),
    Behavior(
        "An invalid role or address returns 400",
        "not documented",
        ASSUMED,
        "test_teams.py::test_rejects_invalid_role_or_address",
    ),
    Behavior(
        "An invitation is accepted at once; existing members keep their role",
        OWN + ": in the real service it takes time",
        ASSUMED,
        "test_teams.py::test_invited_people_join_the_team",
    ),
    Behavior(
        "Each mode has its own team",
        OWN,
        ASSUMED,
        "test_teams.py::test_each_mode_has_its_own_team",
    ),
    Behavior(
        "Studio is available in live mode only; the test key returns 400",
        "the official Python client's tests; the status is assumed",
        SEEN,
        "test_studio.py::test_studio_requires_the_live_key",
    ),
    Behavior(
        "A Studio project is one created with studio; any other returns 400",
        "not documented",
        ASSUMED,
        "test_studio.py::test_rejects_invalid_group",
    ),
    Behavior(
        "Every active team member has a list of projects, which may be empty",
        "docs: studio; that it may be empty is assumed",
        DOCUMENTED,
        "test_studio.py::test_assignments",
    ),
    Behavior(
        "Members of a group must be assigned to its project, else 400",
        "docs: studio; the status is assumed",
        DOCUMENTED,
        "test_studio.py::test_rejects_invalid_group",
    ),
    Behavior(
        "Removing people from a project removes them from its groups",
        "not documented",
        ASSUMED,
        "test_studio.py::test_unassigning_removes_from_groups",
    ),
    Behavior(
        "A Studio batch is pending from its finalization until it is completed",
        "not documented",
        ASSUMED,
        "test_studio.py::test_batches_are_pending_from_finalization_to_completion",
    ),
    Behavior(
        "Groups of a batch are replaced, not added; an email address is a group of one",
        "docs: studio",
        DOCUMENTED,
        "test_studio.py::test_groups_of_a_batch_are_set",
    ),
    Behavior(
        "Priorities must list all pending batches, else 400; by default calibration comes first,"
        " then the oldest",
        "docs: studio; the status is assumed",
        DOCUMENTED,
        "test_studio.py::test_priorities_list_every_pending_batch",
    ),
    Behavior(
        "Quality tasks are limited to Rapid projects and six types, else 400",
        "official Python client; the status is assumed",
        SEEN,
        "test_quality_tasks.py::test_types_of_quality_tasks",
    ),
    Behavior(
        "A quality task requires its expected response",
        "official Python client",
        SEEN,
        "test_quality_tasks.py::test_rejects_invalid_quality_task",
    ),
    Behavior(
        "A quality task does not require a batch",
        "the official Python client's README",
        ASSUMED,
        "test_quality_tasks.py::test_create_quality_task",
    ),
    Behavior(
        "Lists of batches use offsets and return the total under two names",
        "official Python and Node clients",
        SEEN,
        "test_batches.py::test_pagination",
    ),
    Behavior(
        "A file is at most 80 MB; a larger one returns 400",
        "docs: files; the status is assumed",
        DOCUMENTED,
        "test_files.py::test_rejects_large_file",
    ),
    Behavior(
        "A duplicate reference_id returns 409",
        "docs: files",
        DOCUMENTED,
        "test_files.py::test_duplicate_reference_id_conflicts",
    ),
    Behavior(
        "An import from another host is recorded, not fetched; its type is guessed from its name",
        OWN,
        ASSUMED,
        "test_files.py::test_remote_import_is_recorded_only",
    ),
    Behavior(
        "Download links for attachments need no key and expire after an hour",
        "captured responses; the hour is assumed",
        ASSUMED,
        "test_files.py::test_attachments_can_be_downloaded",
    ),
    Behavior(
        "One task always has download links, unless include_attachment_url is false; lists have"
        " them on request",
        "programs that read them",
        ASSUMED,
        "test_older_programs.py::test_one_task_always_has_download_links",
    ),
    Behavior(
        "An image that browsers do not show has a second link, to a converted one; here that is a"
        " gray image",
        "captured responses have isConvertedImage; for which images is assumed",
        ASSUMED,
        "test_older_programs.py::test_converted_images",
    ),
    Behavior(
        "A callback is a JSON POST with the secret of the mode in the header scale-callback-auth",
        "docs: callbacks, authentication",
        DOCUMENTED,
        "test_callback_delivery.py::test_payload_and_headers",
    ),
    Behavior(
        "Its body has task, response, task_id and status",
        "docs: callbacks; the official Node sample",
        DOCUMENTED,
        "test_callback_delivery.py::test_payload_and_headers",
    ),
    Behavior(
        "Completion, errors, audits, fixes and recalls trigger callbacks; canceling does not",
        "docs: callbacks; canceling is not mentioned",
        DOCUMENTED,
        "test_callback_delivery.py::test_every_event_triggers_a_callback",
    ),
    Behavior(
        "A completed batch triggers a callback with batch, status and counts",
        "docs: batches; the body is assumed",
        ASSUMED,
        "test_callback_delivery.py::test_completed_batch_triggers_a_callback",
    ),
    Behavior(
        "Any 2xx acknowledges a callback; otherwise it is retried up to 20 times within 24 hours",
        "docs: callbacks",
        DOCUMENTED,
        "test_callback_delivery.py::test_20_retries_within_a_day",
    ),
    Behavior(
        "The delay between attempts doubles from 10 seconds up to two hours",
        "not documented",
        ASSUMED,
        "test_callback_delivery.py::test_20_retries_within_a_day",
    ),
    Behavior(
        "callback_succeeded and callback_completed hold the outcome; updated_at does not change",
        "docs: callbacks, tasks; updated_at is not mentioned",
        DOCUMENTED,
        "test_callback_delivery.py::test_any_2xx_acknowledges",
    ),
    Behavior(
        "A receiver has 30 seconds to respond; redirects are not followed",
        "not documented",
        ASSUMED,
        "test_callback_delivery.py::test_receiver_timeout",
    ),
    Behavior(
        "Callbacks to other hosts and to e-mail addresses are recorded and not sent",
        OWN,
        ASSUMED,
        "test_callback_delivery.py::test_other_hosts_are_not_reached",
    ),
)
