"""Run a complete labeling project over real HTTP.

If SCALE_API_KEY is not set, the program starts the sandbox, a local Scale service. Otherwise it
uses the service at SCALE_API_INSTANCE_URL, by default Scale itself, where live keys create
billable work.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

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
TIMEOUT = 600.0  # seconds to wait for the next completed task
PATIENCE = 5.0  # seconds until the program says what to do if none is completed


def main() -> None:
    parser = argparse.ArgumentParser(description="Run a complete labeling project.")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="leave the sandbox and its dashboard running until Ctrl-C (default on a terminal)",
    )
    parser.add_argument(
        "--transition",
        metavar="RULE",
        help='when the sandbox completes tasks: "manual" lets you label them in the dashboard',
    )
    options = parser.parse_args()
    with connect(options.transition, keep=options.keep or sys.stdin.isatty()) as client:
        # Names are unique in an account, so each run uses its own; a new sandbox is empty.
        run = f"_{uuid.uuid4().hex[:6]}" if "SCALE_API_KEY" in os.environ else ""
        project_name, batch_name = f"parcels{run}", f"week_11{run}"

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
                unique_id=f"{image.stem}{run}",
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
                unique_id=f"{IMAGES[0].stem}{run}",
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

        cancel_one(client, project_name, f"week_12{run}", imported.attachment_url)

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
def connect(transition: str | None, *, keep: bool) -> Generator[ScaleClient]:
    """Connect to the service set in the environment, or start a sandbox and connect to that."""
    if "SCALE_API_KEY" in os.environ:
        with ScaleClient(source="quickstart") as client:
            say(f"Connected to {urlsplit(client.api.base_api_url).netloc}")
            yield client
        return

    from scaleapi.sandbox import Sandbox  # imported late, because it needs Flask

    # With a random seed, the output is the same on every run.
    with Sandbox(transition=transition, random_seed=7) as sandbox:
        say("SCALE_API_KEY is not set, so a local Scale service was started")
        say(f"Watch it in a browser: {sandbox.dashboard}")
        with ScaleClient(sandbox.live_key, "quickstart", sandbox.url) as client:
            yield client
        if keep:
            keep_running(sandbox.dashboard)
        else:
            say("To look at the results in a browser, run this program with --keep")


def keep_running(dashboard: str) -> None:
    """Leave the dashboard running until Ctrl-C."""
    try:
        say(f"See the results in a browser: {dashboard}")
        say("The dashboard is running. Press Ctrl-C to stop it")
        while True:
            time.sleep(60)
    except KeyboardInterrupt:
        say("Stopped")


def wait_for(client: ScaleClient, batch_name: str) -> None:
    """Wait until no task of the batch is pending."""
    say("Waiting until no task is pending ...")
    left = created = client.get_tasks_count(batch_name=batch_name)
    start = time.monotonic()
    told = False
    while pending := client.get_tasks_count(batch_name=batch_name, status=TaskStatus.Pending):
        if pending < left:
            left, start = pending, time.monotonic()
        waited = time.monotonic() - start
        if waited > TIMEOUT:
            raise SystemExit(
                f"{pending} tasks of batch {batch_name} are pending, and none was completed for"
                f" {TIMEOUT:.0f} s."
            )
        if waited > PATIENCE and left == created and not told:
            told = True
            say_who_labels(client, batch_name)
        time.sleep(0.5)


def say_who_labels(client: ScaleClient, batch_name: str) -> None:
    """Say what to do if no task is completed: in the sandbox, there may be nobody to label."""
    url = urlsplit(client.api.base_api_url)
    if url.hostname == "api.scale.com":
        say("People label the tasks now. That takes hours, not minutes")
        return
    task = next(iter(client.get_tasks(batch_name=batch_name, status=TaskStatus.Pending)))
    say("No task is completed yet. In a sandbox with --transition manual, you label them yourself:")
    say(f"  {url.scheme}://{url.netloc}/dashboard/tasks/{task.id}/label?batch={batch_name}")


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
