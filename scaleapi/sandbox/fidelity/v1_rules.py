"""Every other rule worth knowing."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import ASSUMED, DOCUMENTED, OWN, SEEN, Behavior

OTHER_RULES: Sequence[Behavior] = (
    Behavior(
        "The key is a Basic user name without password",
        "docs: authentication",
        DOCUMENTED,
        "test_access.py::test_basic_and_bearer_open_a_world",
    ),
    Behavior(
        "A Bearer key is taken as well",
        "official Node client",
        SEEN,
        "test_access.py::test_basic_and_bearer_open_a_world",
    ),
    Behavior(
        "Any other key answers 401, before everything else",
        "docs: errors",
        DOCUMENTED,
        "test_access.py::test_any_other_key_is_refused",
    ),
    Behavior(
        "Test and live share nothing; a project of the other world answers 400",
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
        "A trailing slash is tolerated",
        "official tools",
        SEEN,
        "test_access.py::test_a_trailing_slash_is_tolerated",
    ),
    Behavior(
        "A seeded task with a status keeps it; one without is worked on like any other",
        OWN,
        ASSUMED,
        "test_seed.py::test_only_tasks_without_a_status_are_worked_on",
    ),
    Behavior(
        "A seed is created as a whole or not at all; the error names the place",
        OWN,
        ASSUMED,
        "test_seed.py::test_a_wrong_seed_is_refused_whole",
    ),
    Behavior(
        "Links to result files and the advance of the clock outlive a restart on another port",
        OWN,
        ASSUMED,
        "test_snapshots.py::test_links_and_the_time_outlive_a_restart",
    ),
    Behavior(
        "A batch is completed when it has a task and none is pending",
        "docs: batches; of empty and canceled ones nothing is said",
        ASSUMED,
        "test_batches.py::test_a_batch_is_completed_with_its_last_task",
    ),
    Behavior(
        "A new or recalled task opens a completed batch again",
        "nowhere",
        ASSUMED,
        "test_batches.py::test_a_batch_is_completed_with_its_last_task",
    ),
    Behavior(
        "The role admin is neither given nor taken",
        "official Node client",
        SEEN,
        "test_teams.py::test_nobody_becomes_or_stops_being_an_admin",
    ),
    Behavior(
        "A bad role or address answers 400",
        "nowhere",
        ASSUMED,
        "test_teams.py::test_a_wrong_role_or_address_is_refused",
    ),
    Behavior(
        "An invitation is taken up at once; who is in the team already keeps the role",
        OWN + ": the service takes its time",
        ASSUMED,
        "test_teams.py::test_invited_people_are_in_the_team",
    ),
    Behavior(
        "Each world has a team of its own",
        OWN,
        ASSUMED,
        "test_teams.py::test_each_world_has_a_team",
    ),
    Behavior(
        "Studio has live projects only: the test key answers 400",
        "the official Python client's tests; the status is assumed",
        SEEN,
        "test_studio.py::test_studio_needs_the_live_key",
    ),
    Behavior(
        "A project belongs to Studio if it was created with studio; any other answers 400",
        "nowhere",
        ASSUMED,
        "test_studio.py::test_a_wrong_group_is_refused",
    ),
    Behavior(
        "Active members of the team have a list of projects, which may be empty",
        "docs: studio; that it may be empty is assumed",
        DOCUMENTED,
        "test_studio.py::test_assignments",
    ),
    Behavior(
        "Members of a group are assigned to its project, else 400",
        "docs: studio; the status is assumed",
        DOCUMENTED,
        "test_studio.py::test_a_wrong_group_is_refused",
    ),
    Behavior(
        "Who is taken off a project leaves its groups",
        "nowhere",
        ASSUMED,
        "test_studio.py::test_who_leaves_a_project_leaves_its_groups",
    ),
    Behavior(
        "A Studio batch is pending from its finalization until it is completed",
        "nowhere",
        ASSUMED,
        "test_studio.py::test_batches_are_pending_from_finalization_to_completion",
    ),
    Behavior(
        "Groups of a batch are set, not added; a person is a group named by the address",
        "docs: studio",
        DOCUMENTED,
        "test_studio.py::test_groups_of_a_batch_are_set",
    ),
    Behavior(
        "Priorities list all pending batches, else 400; without any, calibration comes first,"
        " then the oldest",
        "docs: studio; the status is assumed",
        DOCUMENTED,
        "test_studio.py::test_priorities_name_every_pending_batch",
    ),
    Behavior(
        "Quality tasks are for Rapid projects and of six types, else 400",
        "official Python client; the status is assumed",
        SEEN,
        "test_quality_tasks.py::test_types_of_quality_tasks",
    ),
    Behavior(
        "A quality task needs its expected response",
        "official Python client",
        SEEN,
        "test_quality_tasks.py::test_a_wrong_quality_task_is_refused",
    ),
    Behavior(
        "A quality task needs no batch",
        "the official Python client's README",
        ASSUMED,
        "test_quality_tasks.py::test_a_quality_task",
    ),
    Behavior(
        "Lists of batches go by offset and name their total twice",
        "official Python and Node clients",
        SEEN,
        "test_batches.py::test_pages",
    ),
    Behavior(
        "A file is at most 80 MB; larger answers 400",
        "docs: files; the status is assumed",
        DOCUMENTED,
        "test_files.py::test_a_file_that_is_too_large",
    ),
    Behavior(
        "A reference_id is taken once: 409",
        "docs: files",
        DOCUMENTED,
        "test_files.py::test_a_reference_id_is_taken_once",
    ),
    Behavior(
        "An import from another host is noted, not fetched; its type is guessed from its name",
        OWN,
        ASSUMED,
        "test_files.py::test_import_from_elsewhere_is_noted_only",
    ),
    Behavior(
        "Links to attachments need no key and live for an hour",
        "captured answers; the hour is assumed",
        ASSUMED,
        "test_files.py::test_attachments_can_be_downloaded",
    ),
    Behavior(
        "A callback is a JSON POST whose header scale-callback-auth has the secret of the world",
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
        "Completion, error, audits, fixes and recalls call back; cancelling does not",
        "docs: callbacks; of cancelling nothing is said",
        DOCUMENTED,
        "test_callback_delivery.py::test_every_event_calls_back",
    ),
    Behavior(
        "A batch that is completed calls back with batch, status and counts",
        "docs: batches; the body is assumed",
        ASSUMED,
        "test_callback_delivery.py::test_a_completed_batch_calls_back",
    ),
    Behavior(
        "Any 2xx acknowledges; otherwise there are up to 20 further tries within 24 hours",
        "docs: callbacks",
        DOCUMENTED,
        "test_callback_delivery.py::test_20_further_tries_within_a_day",
    ),
    Behavior(
        "The pauses between tries double from 10 seconds to two hours, counted from the first",
        "nowhere",
        ASSUMED,
        "test_callback_delivery.py::test_20_further_tries_within_a_day",
    ),
    Behavior(
        "Then callback_succeeded and callback_completed tell how it ended; updated_at stays",
        "docs: callbacks, tasks; of updated_at nothing is said",
        DOCUMENTED,
        "test_callback_delivery.py::test_any_2xx_acknowledges",
    ),
    Behavior(
        "A receiver has 30 seconds, and redirects are not followed",
        "nowhere",
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
