"""Calls of the client, grouped by whether they are idempotent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scaleapi import ScaleClient

Call = Callable[[ScaleClient], Any]

#: Calls whose effect is the same once or many times.
ALWAYS: dict[str, Call] = {
    "get_task": lambda client: client.get_task("t"),
    "tasks": lambda client: client.tasks(project="p"),
    "get_tasks_count": lambda client: client.get_tasks_count("p"),
    "get_batch": lambda client: client.get_batch("b"),
    "batch_status": lambda client: client.batch_status("b"),
    "batches": lambda client: client.batches(),
    "get_project": lambda client: client.get_project("p"),
    "projects": lambda client: client.projects(),
    "list_teammates": lambda client: client.list_teammates(),
    "list_studio_batches": lambda client: client.list_studio_batches(),
    "download": lambda client: client.download_response(f"{client.api.base_api_url}/file"),
    "put_request": lambda client: client.api.put_request("anything", {}),
    "delete_request": lambda client: client.api.delete_request("anything"),
    "cancel_task": lambda client: client.cancel_task("t"),
    "set_task_metadata": lambda client: client.set_task_metadata("t", {"a": 1}),
    "set_task_tags": lambda client: client.set_task_tags("t", ["a"]),
    "add_task_tags": lambda client: client.add_task_tags("t", ["a"]),
    "delete_task_tags": lambda client: client.delete_task_tags("t", ["a"]),
    "update_task_unique_id": lambda client: client.update_task_unique_id("t", "u"),
    "clear_task_unique_id": lambda client: client.clear_task_unique_id("t"),
    "import_file, reference_id": lambda client: client.import_file(
        "https://example.com/a.png", reference_id="r"
    ),
    "finalize_batch": lambda client: client.finalize_batch("b"),
    "set_batch_metadata": lambda client: client.set_batch_metadata("b", {}),
    "prioritize_batch": lambda client: client.prioritize_batch("b", 10),
    "update_teammates_role": lambda client: client.update_teammates_role(["a@b.c"], "member"),
    "list_studio_assignments": lambda client: client.list_studio_assignments(),
    "add_studio_assignments": lambda client: client.add_studio_assignments(["a@b.c"], ["p"]),
    "remove_studio_assignments": lambda client: client.remove_studio_assignments(["a@b.c"], ["p"]),
    "update_project_group": lambda client: client.update_project_group("p", "g", ["a@b.c"], []),
    "assign_studio_batches": lambda client: client.assign_studio_batches("b", ["g"]),
    "set_priorities": lambda client: client.set_studio_batches_priorities(["b"]),
    "reset_priorities": lambda client: client.reset_studio_batches_priorities(),
    "create_evaluation_task": lambda client: client.create_evaluation_task("imageannotation"),
    "create_training_task": lambda client: client.create_training_task("imageannotation"),
    "upload_with_reference": lambda client: client.upload_file(
        b"data", filename="a.bin", reference_id="r"
    ),
}

#: Calls that are sent again only when it is certain that the service did nothing.
IF_UNSENT: dict[str, Call] = {
    "audit_task": lambda client: client.audit_task("t", accepted=True),
    "send_task_callback": lambda client: client.send_task_callback("t"),
    "create_project": lambda client: client.create_project("p", "imageannotation"),
    "update_project": lambda client: client.update_project("p", instruction="i"),
    "create_batch": lambda client: client.create_batch("p", "b"),
    "invite_teammates": lambda client: client.invite_teammates(["a@b.c"], "member"),
    "create_project_group": lambda client: client.create_project_group("p", ["a@b.c"], "g"),
    "import_file": lambda client: client.import_file("https://example.com/a.png"),
    "upload_file": lambda client: client.upload_file(b"data", filename="a.bin"),
    "post_request": lambda client: client.api.post_request("anything", {}),
}


def table(calls: dict[str, Call]) -> pytest.MarkDecorator:
    """Run a test for each of the calls."""
    return pytest.mark.parametrize("call", calls.values(), ids=calls.keys())
