"""Create chat tasks and print the annotated conversations, with the v2 API over real HTTP.

If SCALE_API_KEY is not set, the program starts the sandbox, a local Scale service. Otherwise it
uses the service at SCALE_API_INSTANCE_URL, by default Scale itself, where live keys create
billable work.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager

from scaleapi import ScaleClient, ScaleException, ScaleResourceNotFound
from scaleapi.v2 import AnnotationCategory, AnnotationInteger, Option, Task, V2Api

PROMPTS = ("How do I descale a kettle?", "Which river is longest?", "Explain tides to a child.")
TIMEOUT = 600.0  # seconds to wait for the tasks


def main() -> None:
    with connect() as client:
        # Names are unique in an account, so each run uses its own.
        run = uuid.uuid4().hex[:6]
        project_name, batch_name = f"chats_{run}", f"week_11_{run}"
        client.create_project(project_name, "chat")  # v2 cannot create projects

        v2 = client.v2
        batch = v2.create_batch(name=batch_name, project_name=project_name, staging_batch=True)
        say(f"{batch}: tasks can be added, but no work starts yet")

        for row, prompt in enumerate(PROMPTS):
            task = v2.create_chat_task(
                project_name=project_name,
                batch_name=batch_name,
                template_variables={"prompt": prompt},
                metadata={"row": row},
            )
            say(f"{task} for {prompt!r}")

        batch = v2.finalize_batch(batch.id)
        say(f"{batch}: work starts")
        wait_for(v2, batch_name)

        # Both make responses larger, so the service sends them only on request.
        details = [Option.ANNOTATION_DETAILS, Option.ATTACHMENT_DETAILS]
        done = list(v2.iter_tasks(batch_name=batch_name, status="completed", opts=details))
        for task in done:
            show(task)

        try:
            v2.pause_batch(batch.id)
        except ScaleException as error:
            say(f"A completed batch cannot be paused: {error.message}")
        try:
            v2.get_task("0" * 24)
        except ScaleResourceNotFound as error:
            say(f"Reading a missing task fails: {error.message}")

        task_id = done[0].task_id
        checked = v2.set_task_metadata(task_id=task_id, metadata={"checked": True}, merge=True)
        say(f"{checked} now has metadata {checked.metadata}")
        delivered = v2.get_deliveries(project_name=project_name).deliveries
        say(f"Project {project_name} has {len(delivered)} deliveries")


def show(task: Task) -> None:
    """Print the messages of a conversation and their annotations."""
    say(f"{task} was completed at {task.completed_at:%H:%M:%S}")
    for thread in task.threads:
        for turn in thread.turns:
            for message in turn.messages:
                say(f"  {message.role.upper():9} {message.content.text}")
                for file in message.content.attachments or ():
                    say(f"            with {type(file).__name__} {file.mime_type}")
                for annotation in message.annotations:
                    if isinstance(annotation, (AnnotationInteger, AnnotationCategory)):
                        say(f"            {annotation.title}: {annotation.value}")


def wait_for(v2: V2Api, batch_name: str) -> None:
    """Wait until no task of the batch is pending."""
    deadline = time.monotonic() + TIMEOUT
    while pending := len(v2.get_tasks(batch_name=batch_name, status="pending").tasks):
        say(f"  {pending} tasks pending ...")
        if time.monotonic() > deadline:
            raise SystemExit(f"Batch {batch_name} was not completed within {TIMEOUT:.0f} s.")
        time.sleep(0.5)


@contextmanager
def connect() -> Generator[ScaleClient]:
    """Connect to the service set in the environment, or start a sandbox and connect to that."""
    if "SCALE_API_KEY" in os.environ:
        with ScaleClient(source="chat_tasks") as client:
            say(f"Connected to {client.api.base_api_url}")
            yield client
        return

    from scaleapi.sandbox import Sandbox  # imported late, because it needs Flask

    with Sandbox() as sandbox:
        say(f"SCALE_API_KEY is not set, so a local Scale service was started at {sandbox.url}")
        with ScaleClient(sandbox.live_key, "chat_tasks", sandbox.url) as client:
            yield client


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    try:
        main()
    except ScaleException as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from error
    except KeyboardInterrupt:
        raise SystemExit("Stopped.") from None
