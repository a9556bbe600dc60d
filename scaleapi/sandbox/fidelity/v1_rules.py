"""Rules of v1, except those of tasks."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import ASSUMED, DOCUMENTED, OWN, SEEN, Behavior

OTHER_RULES: Sequence[Behavior] = (
    Behavior(
        "The API key is the Basic user name, without a password",
        "docs: authentication",
        DOCUMENTED,
        "test_access.py::test_basic_and_bearer_open_a_world",
    ),
    Behavior(
        "A Bearer key is accepted as well",
        "official Node client",
        SEEN,
        "test_access.py::test_basic_and_bearer_open_a_world",
    ),
    Behavior(
        "Any other key returns 401, before any other check",
        "docs: errors",
        DOCUMENTED,
        "test_access.py::test_any_other_key_is_refused",
    ),
    Behavior(
        "Test and live mode share nothing; a project of the other mode returns 400",
        "docs: authentication; the status is assumed",
        DOCUMENTED,
        "test_access.py::test_a_project_of_the_other_world_is_refused",
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
        "test_access.py::test_a_trailing_slash_is_tolerated",
    ),
    Behavior(
        "A seeded task with a status keeps it; one without is processed like any other",
        OWN,
        ASSUMED,
        "test_seed.py::test_only_tasks_without_a_status_are_worked_on",
    ),
    Behavior(
        "A seed is created completely or not at all; the error names the place in it",
        OWN,
        ASSUMED,
        "test_seed.py::test_a_wrong_seed_is_refused_whole",
    ),
    Behavior(
        "Links to result files and the clock offset survive a restart on another port",
        OWN,
        ASSUMED,
        "test_snapshots.py::test_links_and_the_time_outlive_a_restart",
    ),
    Behavior(
        "A batch is completed when it has a task and none is pending",
        "docs: batches; empty and canceled ones are not mentioned",
        ASSUMED,
        "test_batches.py::test_a_batch_is_completed_with_its_last_task",
    ),
    Behavior(
        "A new or recalled task reopens a completed batch",
        "not documented",
        ASSUMED,
        "test_batches.py::test_a_batch_is_completed_with_its_last_task",
    ),
    Behavior(
        "The role admin can be neither granted nor revoked",
        "official Node client",
        SEEN,
        "test_teams.py::test_nobody_becomes_or_stops_being_an_admin",
    ),
    Behavior(
        "An invalid role or address returns 400",
        "not documented",
        ASSUMED,
        "test_teams.py::test_a_wrong_role_or_address_is_refused",
    ),
    Behavior(
        "An invitation is accepted at once; existing members keep their role",
        OWN + ": in the real service it takes time",
        ASSUMED,
        "test_teams.py::test_invited_people_are_in_the_team",
    ),
    Behavior(
        "Each mode has its own team",
        OWN,
        ASSUMED,
        "test_teams.py::test_each_world_has_a_team",
    ),
    Behavior(
        "Studio is available in live mode only; the test key returns 400",
        "the official Python client's tests; the status is assumed",
        SEEN,
        "test_studio.py::test_studio_needs_the_live_key",
    ),
    Behavior(
        "A Studio project is one created with studio; any other returns 400",
        "not documented",
        ASSUMED,
        "test_studio.py::test_a_wrong_group_is_refused",
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
        "test_studio.py::test_a_wrong_group_is_refused",
    ),
    Behavior(
        "Removing people from a project removes them from its groups",
        "not documented",
        ASSUMED,
        "test_studio.py::test_who_leaves_a_project_leaves_its_groups",
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
        "test_studio.py::test_priorities_name_every_pending_batch",
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
        "test_quality_tasks.py::test_a_wrong_quality_task_is_refused",
    ),
    Behavior(
        "A quality task does not require a batch",
        "the official Python client's README",
        ASSUMED,
        "test_quality_tasks.py::test_a_quality_task",
    ),
    Behavior(
        "Lists of batches use offsets and return the total under two names",
        "official Python and Node clients",
        SEEN,
        "test_batches.py::test_pages",
    ),
    Behavior(
        "A file is at most 80 MB; a larger one returns 400",
        "docs: files; the status is assumed",
        DOCUMENTED,
        "test_files.py::test_a_file_that_is_too_large",
    ),
    Behavior(
        "A duplicate reference_id returns 409",
        "docs: files",
        DOCUMENTED,
        "test_files.py::test_a_reference_id_is_taken_once",
    ),
    Behavior(
        "An import from another host is recorded, not fetched; its type is guessed from its name",
        OWN,
        ASSUMED,
        "test_files.py::test_import_from_elsewhere_is_noted_only",
    ),
    Behavior(
        "Download links for attachments need no key and expire after an hour",
        "captured responses; the hour is assumed",
        ASSUMED,
        "test_files.py::test_attachments_can_be_downloaded",
    ),
    Behavior(
        "A callback is a JSON POST with the secret of the mode in the header scale-callback-auth",
        "docs: callbacks, authentication",
        DOCUMENTED,
        "test_callback_delivery.py::test_what_is_posted",
    ),
    Behavior(
        "Its body has task, response, task_id and status",
        "docs: callbacks; the official Node sample",
        DOCUMENTED,
        "test_callback_delivery.py::test_what_is_posted",
    ),
    Behavior(
        "Completion, errors, audits, fixes and recalls trigger callbacks; canceling does not",
        "docs: callbacks; canceling is not mentioned",
        DOCUMENTED,
        "test_callback_delivery.py::test_every_event_calls_back",
    ),
    Behavior(
        "A completed batch triggers a callback with batch, status and counts",
        "docs: batches; the body is assumed",
        ASSUMED,
        "test_callback_delivery.py::test_a_completed_batch_calls_back",
    ),
    Behavior(
        "Any 2xx acknowledges a callback; otherwise it is retried up to 20 times within 24 hours",
        "docs: callbacks",
        DOCUMENTED,
        "test_callback_delivery.py::test_20_further_tries_within_a_day",
    ),
    Behavior(
        "The delay between attempts doubles from 10 seconds up to two hours",
        "not documented",
        ASSUMED,
        "test_callback_delivery.py::test_20_further_tries_within_a_day",
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
        "test_callback_delivery.py::test_a_receiver_that_takes_too_long",
    ),
    Behavior(
        "Callbacks to other hosts and to e-mail addresses are recorded and not sent",
        OWN,
        ASSUMED,
        "test_callback_delivery.py::test_other_hosts_are_not_reached",
    ),
)
