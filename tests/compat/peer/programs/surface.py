"""Every call of scaleapi 2.18.4, on the client and on its objects: python surface.py URL KEY.

Prints what each gives; the last line names the calls that were made.
"""

import io
import json
import sys
import time
from typing import Any

import scaleapi
from scaleapi.batches import BatchStatus
from scaleapi.exceptions import ScaleException
from scaleapi.tasks import TaskStatus, TaskType
from scaleapi.teams import TeammateRole

url, key = sys.argv[1:]
client = scaleapi.ScaleClient(key, "peer", api_instance_url=url)
called = []

#: What is the same in each run, of each kind of object.
SHOWN = {
    "Task": ("type", "status", "project", "metadata"),
    "Batch": ("name", "status", "project", "metadata", "tasks_pending", "tasks_completed"),
    "Project": ("name", "type", "version", "instruction"),
    "TaskTemplate": ("template_variables", "response_schema", "auto_onboard_enabled"),
    "File": (),
    "Teammate": ("email", "role", "first_name", "last_name", "company"),
    "StudioBatch": ("name", "project_name", "batch_type", "total", "completed", "groups"),
    "StudioLabelerAssignment": ("email", "assigned_projects"),
    "StudioProjectGroup": ("name", "numWorkers", "isSingleton"),
    "EvaluationTask": ("expected_response",),
    "TrainingTask": ("expected_response",),
}


def described(result):
    """The parts of a result that both clients must give."""
    if isinstance(result, dict):
        return {name: described(value) for name, value in result.items() if name != "created_at"}
    if isinstance(result, (list, tuple)) or hasattr(result, "__next__"):
        return [described(one) for one in result]
    kind = type(result).__name__
    if kind not in SHOWN:
        return result
    assert result.as_dict() is not None
    return (kind, *(getattr(result, name) for name in SHOWN[kind]))


def attempt(target, name, *args, **kwargs) -> Any:
    """Make a call and print its result or error."""
    called.append(f"{type(target).__name__}.{name}")
    try:
        result = getattr(target, name)(*args, **kwargs)
        if hasattr(result, "__next__"):
            result = list(result)
    except ScaleException as error:
        print(called[-1], type(error).__name__, error.code)
        return None
    print(called[-1], described(result))
    return result


BOX = {"box": {"objects_to_annotate": ["car"]}}
PAIR = ["ann@example.com", "bob@example.com"]

# Projects and their templates
cars = {"instruction": "Box the cars", "geometries": BOX}
attempt(client, "create_project", "cars", TaskType.ImageAnnotation, cars, rapid=True)
attempt(client, "create_project", "streets", TaskType.ImageAnnotation, cars, studio=True)
attempt(client, "create_project", "words", TaskType.TextCollection, {"fields": []})
attempt(client, "update_project", "cars", patch=True, instruction="Box all cars")
words = attempt(client, "get_project", "words")
attempt(client, "projects")
attempt(client, "get_projects")
template = attempt(client, "get_project_template", "words")
attempt(words, "get_template")
for getter in ("get_template_variables", "get_response_schema", "is_auto_onboardable"):
    attempt(template, getter)

# Files
picture = attempt(client, "upload_file", io.BytesIO(b"no picture"), project_name="cars")
attempt(client, "import_file", "https://example.com/car.png", project_name="cars")

# Batches
batch = attempt(client, "create_batch", "cars", "monday", metadata={"city": "Rome"})
attempt(client, "set_batch_metadata", "monday", {"city": "Oslo"})
attempt(client, "get_batch", "monday")
attempt(client, "batches", project="cars", limit=5)
attempt(client, "get_batches", "cars", BatchStatus.Staging)

# Tasks
tasks = [
    attempt(
        client,
        "create_task",
        TaskType.ImageAnnotation,
        project="cars",
        batch="monday",
        attachment="https://example.com/car.png",
        geometries=BOX,
        unique_id=f"car-{number}",
    )
    for number in range(4)
]
first, second, third, last = tasks
attempt(client, "update_task_unique_id", first.id, "car-a")
attempt(client, "clear_task_unique_id", first.id)
attempt(client, "set_task_metadata", first.id, {"lane": 1})
attempt(client, "set_task_tags", first.id, ["a"])
attempt(client, "add_task_tags", first.id, ["b"])
attempt(client, "delete_task_tags", first.id, ["a"])
attempt(client, "cancel_task", third.id)
attempt(second, "update_unique_id", "car-b")
attempt(second, "clear_unique_id")
attempt(second, "set_metadata", {"lane": 2})
attempt(second, "set_tags", ["a"])
attempt(second, "add_tags", ["b"])
attempt(second, "delete_tags", ["a"])
attempt(last, "cancel", True)
attempt(batch, "finalize")
while client.get_tasks_count(batch_name="monday", status=TaskStatus.Pending):
    time.sleep(0.1)
attempt(client, "audit_task", first.id, True)
attempt(second, "audit", False, "The box is too wide.")
attempt(second, "refresh")
print(second.customer_review_status, second.customer_review_comments)
attempt(client, "get_task", first.id)
attempt(client, "tasks", project="cars", limit=2)
attempt(client, "get_tasks", project_name="cars", status=TaskStatus.Completed, limit=1)
attempt(client, "get_tasks_count", batch_name="monday")
attempt(client, "batch_status", "monday")
attempt(batch, "get_status")
monday = attempt(client, "create_batch", "cars", "tuesday")
attempt(client, "finalize_batch", "tuesday")

# Teams and Studio
team = attempt(client, "invite_teammates", PAIR, TeammateRole.Labeler)
attempt(client, "list_teammates")
attempt(client, "update_teammates_role", PAIR[:1], TeammateRole.Member)
attempt(team[-1], "update_teammate_role", TeammateRole.Manager)
attempt(client, "add_studio_assignments", PAIR, ["streets"])
attempt(client, "list_studio_assignments")
attempt(client, "create_project_group", "streets", PAIR[:1], "north")
attempt(client, "update_project_group", "streets", "north", PAIR[1:], PAIR[:1])
attempt(client, "list_project_groups", "streets")
for name in ("wednesday", "thursday"):
    attempt(client, "create_batch", "streets", name)
    attempt(
        client,
        "create_task",
        TaskType.ImageAnnotation,
        batch=name,
        attachment="https://example.com/car.png",
        geometries=BOX,
    )
    attempt(client, "finalize_batch", name)
attempt(client, "list_studio_batches")
attempt(client, "assign_studio_batches", "wednesday", ["north", PAIR[0]])
attempt(client, "set_studio_batches_priorities", ["thursday", "wednesday"])
attempt(client, "reset_studio_batches_priorities")
attempt(client, "remove_studio_assignments", PAIR, ["streets"])

# Quality tasks
quality = {
    "project": "cars",
    "attachment": picture.attachment_url,
    "geometries": BOX,
    "expected_response": {"annotations": []},
}
attempt(client, "create_evaluation_task", TaskType.ImageAnnotation, **quality)
attempt(client, "create_training_task", TaskType.ImageAnnotation, **quality)

print(json.dumps(called))
