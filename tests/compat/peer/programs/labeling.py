"""A labeling project's whole life, in code for scaleapi 2.18.4: python labeling.py URL KEY."""

import io
import sys

import scaleapi
from scaleapi.batches import BatchStatus
from scaleapi.exceptions import ScaleDuplicateResource, ScaleException, ScaleResourceNotFound
from scaleapi.tasks import TaskReviewStatus, TaskStatus, TaskType

url, key = sys.argv[1:]
client = scaleapi.ScaleClient(key, "peer", api_instance_url=url)


def attempt(call, *args, **kwargs):
    """Print the result or error of a call."""
    try:
        return print(call.__name__, call(*args, **kwargs))
    except ScaleException as error:
        return print(call.__name__, type(error).__name__, error.code)


# Projects
project = client.create_project(
    "Cars / 1",
    TaskType.ImageAnnotation,
    {"instruction": "Box the cars", "geometries": {"box": {"objects_to_annotate": ["car"]}}},
)
print(project, project.name, project.type, project.version, project.instruction)
print(client.update_project("Cars / 1", patch=True, instruction="Box all cars").version)
print([found.name for found in client.projects()])
print(sorted(client.get_project("Cars / 1").params or ()))
attempt(client.create_project, "Cars / 1", TaskType.ImageAnnotation)
attempt(client.get_project, "none")
attempt(client.get_project_template, "none")

# Batches
batch = client.create_batch("Cars / 1", "Monday / a", metadata={"city": "Rome"})
print(batch, batch.project, batch.status, batch.metadata)
attempt(client.create_batch, "Cars / 1", "Monday / a")
attempt(client.create_batch, "none", "Tuesday")
print(client.set_batch_metadata("Monday / a", {"city": "Oslo"}).metadata)

# Files
uploaded = client.upload_file(io.BytesIO(b"not quite a picture"), project_name="Cars / 1")
imported = client.import_file("https://example.com/car.png", project_name="Cars / 1")
print(bool(uploaded.id and uploaded.attachment_url), bool(imported.id and imported.attachment_url))

# Tasks
tasks = []
for number in range(5):
    task = client.create_task(
        TaskType.ImageAnnotation,
        project="Cars / 1",
        batch="Monday / a",
        attachment=uploaded.attachment_url,
        unique_id=f"car-{number}",
        tags=["first", "odd" if number % 2 else "even"],
        metadata={"number": number},
    )
    print(task.type, task.status, task.unique_id, task.tags, task.metadata, task.is_test)
    tasks.append(task)

try:
    client.create_task(
        TaskType.ImageAnnotation,
        project="Cars / 1",
        attachment=uploaded.attachment_url,
        unique_id="car-0",
    )
except ScaleDuplicateResource as error:
    print("duplicate", error.code)

try:
    client.get_task("0" * 24)
except ScaleResourceNotFound as error:
    print("unknown", error.code)

first, second, third = tasks[:3]
for change, argument in (
    (first.set_metadata, {"seen": True}),
    (first.add_tags, ["new"]),
    (first.delete_tags, ["odd", "even"]),
    (first.set_tags, ["only"]),
    (first.update_unique_id, "car-zero"),
):
    print(change(argument))
    first.refresh()  # needed with 2.18.4, where a task is not updated by changes
    print(first.metadata, first.tags, first.unique_id)
print(first.clear_unique_id())
first.refresh()
print(first.as_dict().get("unique_id"))

print(client.finalize_batch("Monday / a").status == BatchStatus.InProgress.value)
status = client.batch_status("Monday / a")
print(sorted(status.items()))
batch.get_status()
print(batch.tasks_pending, batch.tasks_completed, batch.tasks_error, batch.tasks_canceled)

for act in (second.cancel, second.cancel, third.cancel):
    try:
        print(act())
        second.refresh()
        third.refresh()
        print("canceled", second.status, third.status)
    except ScaleException as error:
        print("not canceled", type(error).__name__, error.code)

for accepted in (True, False):
    try:
        print(third.audit(accepted, "a comment"))
        third.refresh()
        print("audited", third.as_dict().get("customer_review_status"))
    except ScaleException as error:
        print("not audited", type(error).__name__, error.code)


# Lists
def names(**filters):
    """Print the unique ids and the count of the tasks that match a filter."""
    found = sorted(task.as_dict().get("unique_id", "-") for task in client.get_tasks(**filters))
    print(sorted(filters), found, client.get_tasks_count(**filters))


names(project_name="Cars / 1")
names(batch_name="Monday / a", status=TaskStatus.Completed)
names(batch_name="Monday / a", status=TaskStatus.Pending)
names(project_name="Cars / 1", task_type=TaskType.ImageAnnotation, tags="odd")
names(project_name="Cars / 1", unique_id=["car-3", "car-4"])
names(project_name="Cars / 1", review_status=[TaskReviewStatus.Accepted])
names(project_name="Cars / 1", review_status=TaskReviewStatus.Rejected)
names(project_name="Cars / 1", created_after="2020-01-01", created_before="2020-01-02")

page = client.tasks(project="Cars / 1", limit=2)
print(len(page), page.limit, page.has_more, bool(page.next_token))
print([found.name for found in client.get_batches(project_name="Cars / 1")])
batches = client.batches(project="Cars / 1")
print(batches.total, batches.limit, batches.offset, batches.has_more, [b.name for b in batches])
