"""Run a complete labeling project over real HTTP.

If SCALE_API_KEY is not set, the program starts the sandbox, a local Scale service. Otherwise it
uses the service at SCALE_API_INSTANCE_URL, by default Scale itself, where live keys create
billable work.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from scaleapi import (
    ScaleClient,
    ScaleDuplicateResource,
    ScaleException,
    ScaleInvalidRequest,
    TaskReviewStatus,
    TaskStatus,
    TaskType,
)

IMAGES = sorted((Path(__file__).parent / "data").glob("belt_*"))
IMAGE_ON_THE_WEB = (
    "https://upload.wikimedia.org/wikipedia/commons/4/47/PNG_transparency_demonstration_1.png"
)
GEOMETRIES = {"box": {"objects_to_annotate": ["parcel"], "min_height": 10, "min_width": 10}}
TIMEOUT = 600.0  # seconds to wait for the tasks


def main() -> None:
    with connect() as client:
        # Names are unique in an account, so each run uses its own.
        run = uuid.uuid4().hex[:6]
        project_name, batch_name = f"parcels_{run}", f"week_11_{run}"

        project = client.create_project(
            project_name,
            TaskType.ImageAnnotation,
            params={"instruction": "Box every parcel.", "geometries": GEOMETRIES},
            rapid=True,
        )
        say(f"Project {project.name} for {project.type} tasks, version {project.version}")

        batch = client.create_batch(project_name, batch_name, metadata={"camera": "hall 3"})
        say(f"Batch {batch.name} is {batch.status}: tasks can be added, but no work starts yet")

        files = [client.upload_file(image, project_name=project_name) for image in IMAGES]
        for image, file in zip(IMAGES, files, strict=True):
            say(f"Uploaded {image.name}: {file.size:,} bytes of {file.mime_type}")

        imported = client.import_file(IMAGE_ON_THE_WEB, project_name=project_name)
        say(f"Imported {imported.mime_type} from the web as {imported.attachment_url}")

        for image, file in zip(IMAGES, files, strict=True):
            task = client.create_task(
                TaskType.ImageAnnotation,
                project=project_name,
                batch=batch_name,
                attachment=file.attachment_url,
                geometries=GEOMETRIES,
                unique_id=f"{image.stem}_{run}",
                tags=["pilot"],
            )
            say(f"Task {task.id} for {image.name}, unique_id {task.unique_id}: {task.status}")

        try:
            client.create_task(
                TaskType.ImageAnnotation,
                project=project_name,
                batch=batch_name,
                attachment=files[0].attachment_url,
                geometries=GEOMETRIES,
                unique_id=f"{IMAGES[0].stem}_{run}",
            )
        except ScaleDuplicateResource as error:
            say(f"A duplicate unique_id is rejected: {error.message}")

        batch.finalize()
        say(f"Batch {batch.name} is finalized and {batch.status}: work starts")

        wait_for(client, batch_name)

        total = client.get_tasks_count(project_name, status=TaskStatus.Completed)
        say(f"{total} tasks are completed; those tagged 'pilot':")
        done = list(client.get_tasks(project_name, batch_name, tags="pilot"))
        for task in done:
            labels = [one["label"] for one in task.response["annotations"]]
            say(f"  {task.unique_id}: {', '.join(labels)}")
        box = done[0].response["annotations"][0]
        say(
            f"The first: a {box['type']} labeled {box['label']!r},"
            f" {box['width']} x {box['height']} pixels at ({box['left']}, {box['top']})"
        )

        first, second = done[0], done[1]
        first.set_metadata({"shift": "late"})
        first.add_tags(["checked", "belt"])
        first.delete_tags(["belt"])
        say(f"Task {first.id} now has metadata {first.metadata} and tags {first.tags}")

        first.audit(True)
        second.audit(False, "The box cuts through the tape.")
        for task in (first, second):
            task.refresh()
            comments = ", ".join(task.customer_review_comments or []) or "no comment"
            say(f"Task {task.id} is {task.customer_review_status} ({comments})")
        accepted = client.get_tasks(project_name, review_status=TaskReviewStatus.Accepted)
        say(f"Accepted so far: {[task.unique_id for task in accepted]}")

        cancel_one(client, project_name, f"week_12_{run}", imported.attachment_url)

        batch.get_status()
        say(
            f"Batch {batch.name} is {batch.status}: {batch.tasks_completed} completed,"
            f" {batch.tasks_pending} pending, {batch.tasks_error} failed"
        )

        project = client.update_project(
            project_name, patch=True, instruction="Box every parcel, tape included."
        )
        say(f"Project {project.name} is now at version {project.version}: {project.instruction}")


@contextmanager
def connect() -> Generator[ScaleClient]:
    """Connect to the service set in the environment, or start a sandbox and connect to that."""
    if "SCALE_API_KEY" in os.environ:
        with ScaleClient(source="quickstart") as client:
            say(f"Connected to {client.api.base_api_url}")
            yield client
        return

    from scaleapi.sandbox import Sandbox  # imported late, because it needs Flask

    with Sandbox() as sandbox:
        say(f"SCALE_API_KEY is not set, so a local Scale service was started at {sandbox.url}")
        with ScaleClient(sandbox.live_key, "quickstart", sandbox.url) as client:
            yield client
        say(f"See the results in a browser: {sandbox.dashboard}")
        if sys.stdin.isatty():
            say("Press Enter to exit.")
            sys.stdin.readline()


def wait_for(client: ScaleClient, batch_name: str) -> None:
    """Wait until no task of the batch is pending."""
    deadline = time.monotonic() + TIMEOUT
    while pending := client.get_tasks_count(batch_name=batch_name, status=TaskStatus.Pending):
        say(f"  {pending} tasks pending ...")
        if time.monotonic() > deadline:
            raise SystemExit(f"Batch {batch_name} was not completed within {TIMEOUT:.0f} s.")
        time.sleep(0.5)


def cancel_one(client: ScaleClient, project_name: str, batch_name: str, attachment: str) -> None:
    """Create a task in a staging batch, and cancel it before work on it starts."""
    client.create_batch(project_name, batch_name)
    task = client.create_task(
        TaskType.ImageAnnotation,
        project=project_name,
        batch=batch_name,
        attachment=attachment,
        geometries=GEOMETRIES,
    )
    try:
        task.cancel()
    except ScaleInvalidRequest as error:
        say(f"Task {task.id} is already {task.status}: {error.message}")
    else:
        say(f"Task {task.id} in batch {batch_name} is {task.status}")


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    try:
        main()
    except ScaleException as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from error
    except KeyboardInterrupt:
        raise SystemExit("Stopped.") from None
