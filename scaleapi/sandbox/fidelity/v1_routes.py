"""Routes of v1 and of the control API."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import ASSUMED, DOCUMENTED, OWN, SEEN, Behavior

ROUTES: Sequence[Behavior] = (
    Behavior(
        "POST /v1/task/<type_name>",
        "docs: tasks",
        DOCUMENTED,
        "test_task_creation.py::test_task_with_all_fields",
    ),
    Behavior(
        "GET /v1/task/<task_id>",
        "docs: tasks",
        DOCUMENTED,
        "test_task_creation.py::test_every_type_can_be_created_and_is_completed",
    ),
    Behavior(
        "GET /v1/tasks",
        "docs: tasks",
        DOCUMENTED,
        "test_task_lists.py::test_pages_are_newest_first_and_complete",
    ),
    Behavior(
        "POST /v1/task/<task_id>/cancel",
        "docs: tasks",
        DOCUMENTED,
        "test_task_changes.py::test_cancel",
    ),
    Behavior(
        "POST /v1/task/<task_id>/setMetadata",
        "docs: tasks",
        DOCUMENTED,
        "test_task_changes.py::test_metadata_tags_and_unique_id_change_in_any_state",
    ),
    Behavior(
        "POST /v1/task/<task_id>/unique_id",
        "official Python client",
        SEEN,
        "test_task_changes.py::test_unique_id_is_moved_and_cleared",
    ),
    Behavior(
        "DELETE /v1/task/<task_id>/unique_id",
        "official Python client",
        SEEN,
        "test_task_changes.py::test_unique_id_is_moved_and_cleared",
    ),
    *(
        Behavior(
            f"{method} /v1/task/<task_id>/tags",
            "official Python client",
            SEEN,
            "test_task_changes.py::test_tags_are_replaced_added_and_removed",
        )
        for method in ("POST", "PUT", "DELETE")
    ),
    Behavior(
        "POST /v1/task/<task_id>/audit",
        "official Python client",
        SEEN,
        "test_task_changes.py::test_audit_reviews_a_completed_task",
    ),
    Behavior(
        "GET /v1/audits",
        "third-party clients; experimental",
        ASSUMED,
        "test_task_changes.py::test_audits_are_listed",
    ),
    Behavior(
        "POST /v1/task/<task_id>/send_callback",
        "third-party clients; experimental",
        ASSUMED,
        "test_callback_delivery.py::test_send_callback_resends",
    ),
    Behavior(
        "GET /v1/task/<task_id>/response_url/<file_id>",
        "docs: secure result URLs",
        DOCUMENTED,
        "test_responses.py::test_result_files_require_the_live_key",
    ),
    Behavior(
        "POST /v1/batches",
        "docs: batches",
        DOCUMENTED,
        "test_batches.py::test_create_batch",
    ),
    Behavior(
        "GET /v1/batches",
        "docs: batches",
        DOCUMENTED,
        "test_batches.py::test_filters",
    ),
    Behavior(
        "GET /v1/batches/<name>",
        "docs: batches",
        DOCUMENTED,
        "test_batches.py::test_create_batch",
    ),
    Behavior(
        "GET /v1/batches/<name>/status",
        "docs: batches",
        DOCUMENTED,
        "test_batches.py::test_status_counts_the_tasks",
    ),
    Behavior(
        "POST /v1/batches/<name>/finalize",
        "docs: batches",
        DOCUMENTED,
        "test_batches.py::test_finalize_staged_once",
    ),
    Behavior(
        "POST /v1/batches/<name>/setMetadata",
        "official Python client",
        SEEN,
        "test_batches.py::test_metadata_is_replaced",
    ),
    Behavior(
        "POST /v1/batches/<name>/prioritize",
        "docs: batches (title only); experimental",
        ASSUMED,
        "test_batches.py::test_prioritize_before_finalization",
    ),
    Behavior(
        "POST /v1/projects",
        "docs: projects",
        DOCUMENTED,
        "test_projects.py::test_create_project",
    ),
    Behavior(
        "GET /v1/projects",
        "docs: projects",
        DOCUMENTED,
        "test_projects.py::test_projects_are_listed",
    ),
    Behavior(
        "GET /v1/projects/<name>",
        "docs: projects",
        DOCUMENTED,
        "test_projects.py::test_create_project",
    ),
    Behavior(
        "POST /v1/projects/<name>/setParams",
        "docs: projects",
        DOCUMENTED,
        "test_projects.py::test_set_params_appends_a_version",
    ),
    Behavior(
        "POST /v1/projects/<name>/setOntology",
        "official Node client",
        SEEN,
        "test_projects.py::test_set_ontology_keeps_versions",
    ),
    Behavior(
        "GET /v1/projects/<name>/taskTemplates",
        "official Python client",
        SEEN,
        "test_projects.py::test_task_template",
    ),
    Behavior("POST /v1/files/upload", "docs: files", DOCUMENTED, "test_files.py::test_upload"),
    Behavior(
        "POST /v1/files/import",
        "docs: files",
        DOCUMENTED,
        "test_files.py::test_import_from_this_machine",
    ),
    Behavior(
        "GET /v1/files",
        "docs: files (Get Assets, without its path); experimental",
        ASSUMED,
        "test_files.py::test_files_of_a_project",
    ),
    Behavior(
        "GET /v1/teams",
        "docs: studio",
        DOCUMENTED,
        "test_teams.py::test_a_new_sandbox_has_one_admin",
    ),
    Behavior(
        "POST /v1/teams/invite",
        "docs: studio",
        DOCUMENTED,
        "test_teams.py::test_invited_people_join_the_team",
    ),
    Behavior("POST /v1/teams/set_role", "docs: studio", DOCUMENTED, "test_teams.py::test_set_role"),
    *(
        Behavior(
            f"{method} /v1/studio/{path}",
            "docs: studio",
            DOCUMENTED,
            f"test_studio.py::{test}",
        )
        for method, path, test in (
            ("GET", "assignments", "test_assignments"),
            ("POST", "assignments/add", "test_assignments"),
            ("POST", "assignments/remove", "test_assignments"),
            ("GET", "projects/<project>/groups", "test_groups"),
            ("POST", "projects/<project>/groups", "test_groups"),
            ("PUT", "projects/<project>/groups/<name>", "test_groups"),
            ("GET", "batches", "test_batches_are_pending_from_finalization_to_completion"),
            ("PUT", "batches/<name>", "test_groups_of_a_batch_are_set"),
            ("POST", "batches/set_priorities", "test_priorities_are_set_and_reset"),
            ("POST", "batches/reset_priorities", "test_priorities_are_set_and_reset"),
        )
    ),
    Behavior(
        "POST /v1/evaluation_tasks/<type_name>",
        "official Python client",
        SEEN,
        "test_quality_tasks.py::test_create_quality_task",
    ),
    Behavior(
        "POST /v1/training_tasks/<type_name>",
        "official Python client",
        SEEN,
        "test_quality_tasks.py::test_create_quality_task",
    ),
    Behavior(
        "GET /v1/quality/labelers",
        "third-party clients; experimental",
        ASSUMED,
        "test_quality_tasks.py::test_attempts_of_labelers",
    ),
    Behavior(
        "GET /_storage/<content_id>",
        OWN + ", in place of storage links",
        ASSUMED,
        "test_files.py::test_attachments_can_be_downloaded",
    ),
    Behavior("GET /_sandbox/", OWN, ASSUMED, "test_control.py::test_description"),
    Behavior("GET /_sandbox/clock", OWN, ASSUMED, "test_control.py::test_clock"),
    Behavior("POST /_sandbox/clock", OWN, ASSUMED, "test_control.py::test_clock"),
    Behavior(
        "POST /_sandbox/tasks/<task_id>/<action>",
        OWN,
        ASSUMED,
        "test_control.py::test_task_actions",
    ),
    *(
        Behavior(route, OWN, ASSUMED, "test_faults.py::test_rules_over_http")
        for route in (
            "GET /_sandbox/faults",
            "POST /_sandbox/faults",
            "DELETE /_sandbox/faults",
            "DELETE /_sandbox/faults/<int:number>",
        )
    ),
    Behavior("POST /_sandbox/reset", OWN, ASSUMED, "test_control.py::test_reset"),
    Behavior(
        "GET /_sandbox/deliveries",
        OWN,
        ASSUMED,
        "test_callback_delivery.py::test_deliveries_are_listed",
    ),
    Behavior(
        "POST /_sandbox/transition",
        OWN,
        ASSUMED,
        "test_snapshots.py::test_change_of_transition",
    ),
    Behavior("POST /_sandbox/seed", OWN, ASSUMED, "test_seed.py::test_seed_over_http"),
    Behavior("GET /_sandbox/export", OWN, ASSUMED, "test_export.py::test_export_over_http"),
    Behavior("GET /_sandbox/snapshot", OWN, ASSUMED, "test_snapshots.py::test_snapshots_over_http"),
    Behavior("POST /_sandbox/restore", OWN, ASSUMED, "test_snapshots.py::test_snapshots_over_http"),
    Behavior(
        "POST /_sandbox/callbacks/wait", OWN, ASSUMED, "test_control.py::test_wait_for_callbacks"
    ),
    Behavior("GET /_sandbox/requests", OWN, ASSUMED, "test_control.py::test_requests_are_listed"),
)
