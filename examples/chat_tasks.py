"""Conversations with models, written and judged by people: the v2 API over real HTTP.

Without SCALE_API_KEY it starts a local Scale service, the sandbox, and talks to that. With
SCALE_API_KEY it talks to the service of SCALE_API_INSTANCE_URL, or else to Scale itself, where
a live key makes people work and costs money.
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
PATIENCE = 600.0  # seconds to wait for the work


def main() -> None:
    with connect() as client:
        # Names are unique in an account, so each run has names of its own.
        run = uuid.uuid4().hex[:6]
        project_name, batch_name = f"chats_{run}", f"week_11_{run}"
        client.create_project(project_name, "chat")  # v2 has no call for that

        v2 = client.v2
        batch = v2.create_batch(name=batch_name, project_name=project_name, staging_batch=True)
        say(f"{batch}: tasks can be added, nobody works yet")

        for row, prompt in enumerate(PROMPTS):
            task = v2.create_chat_task(
                project_name=project_name,
                batch_name=batch_name,
                template_variables={"prompt": prompt},
                metadata={"row": row},
            )
            say(f"{task} for {prompt!r}")

        batch = v2.finalize_batch(batch.id)
        say(f"{batch}: the work begins")
        wait_for(v2, batch_name)

        # Both make answers larger, so they are sent only to those who ask for them.
        details = [Option.ANNOTATION_DETAILS, Option.ATTACHMENT_DETAILS]
        done = list(v2.iter_tasks(batch_name=batch_name, status="completed", opts=details))
        for task in done:
            show(task)

        try:
            v2.pause_batch(batch.id)
        except ScaleException as error:
            say(f"A batch that is done cannot be paused: {error.message}")
        try:
            v2.get_task("0" * 24)
        except ScaleResourceNotFound as error:
            say(f"A task that is not there: {error.message}")

        task_id = done[0].task_id
        checked = v2.set_task_metadata(task_id=task_id, metadata={"checked": True}, merge=True)
        say(f"{checked} now has metadata {checked.metadata}")
        delivered = v2.get_deliveries(project_name=project_name).deliveries
        say(f"Scale has handed over {len(delivered)} deliveries of project {project_name}")


def show(task: Task) -> None:
    """Print what was said, and what people thought of it."""
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
    """Wait until every task of the batch is done."""
    until = time.monotonic() + PATIENCE
    while pending := len(v2.get_tasks(batch_name=batch_name, status="pending").tasks):
        say(f"  {pending} tasks pending ...")
        if time.monotonic() > until:
            raise SystemExit(f"Nobody finished batch {batch_name} in {PATIENCE:.0f} s.")
        time.sleep(0.5)


@contextmanager
def connect() -> Generator[ScaleClient]:
    """Connect to the service that the environment names, or to a sandbox of our own."""
    if "SCALE_API_KEY" in os.environ:
        with ScaleClient(source="chat_tasks") as client:
            say(f"Talking to {client.api.base_api_url}")
            yield client
        return

    from scaleapi.sandbox import Sandbox  # only where it is needed: it wants Flask

    with Sandbox() as sandbox:
        say(f"No SCALE_API_KEY, so here is a local Scale service at {sandbox.url}")
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
