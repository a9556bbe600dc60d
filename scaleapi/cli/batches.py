"""``scaleapi batches``."""

from __future__ import annotations

from .arguments import Commands, add_command, add_consent, add_noun, add_timeout
from .context import Context
from .fields import json_argument

__all__ = ["add_commands"]

_COLUMNS = ("name", "project", "status", "created_at")


def add_commands(nouns: Commands) -> None:
    """Add the commands of this noun."""
    verbs = add_noun(nouns, "batches", "Create, finalize and watch batches.")
    listing = add_command(verbs, "list", "List batches, the newest first.", _list)
    listing.add_argument("--project-name", metavar="NAME")
    listing.add_argument("--batch-status", metavar="STATUS")
    listing.add_argument("--created-after", metavar="TIME")
    listing.add_argument("--created-before", metavar="TIME")
    listing.add_argument("--exclude-archived", action="store_true")

    creating = add_command(verbs, "create", "Create a batch.", _create)
    creating.add_argument("project", metavar="PROJECT")
    creating.add_argument("batch_name", metavar="BATCH")
    creating.add_argument("--callback", default="", metavar="URL", help="called when it is done")
    creating.add_argument("--calibration-batch", action="store_true")
    creating.add_argument("--self-label-batch", action="store_true")
    creating.add_argument("--metadata", metavar="JSON")

    finalizing = add_command(verbs, "finalize", "Let work on a batch begin.", _finalize)
    finalizing.add_argument("batch_name", metavar="BATCH")
    add_consent(finalizing)

    status = add_command(verbs, "status", "Count the tasks of a batch by status.", _status)
    status.add_argument("batch_name", metavar="BATCH")

    waiting = add_command(verbs, "wait", "Wait until a batch is completed.", _wait)
    waiting.add_argument("batch_name", metavar="BATCH")
    add_timeout(waiting)


def _list(context: Context) -> None:
    options = context.options
    batches = context.client.get_batches(
        options.project_name,
        options.batch_status,
        options.created_after,
        options.created_before,
        options.exclude_archived,
    )
    context.output.rows((batch.as_dict() for batch in batches), _COLUMNS)


def _create(context: Context) -> None:
    options = context.options
    metadata = None if options.metadata is None else json_argument(options.metadata, "--metadata")
    batch = context.client.create_batch(
        options.project,
        options.batch_name,
        options.callback,
        options.calibration_batch,
        options.self_label_batch,
        metadata,
    )
    context.output.item(batch.as_dict())


def _finalize(context: Context) -> None:
    options = context.options
    if options.dry_run:
        context.output.item(
            {"method": "POST", "path": f"batches/{options.batch_name}/finalize", "body": None}
        )
        return
    context.confirm(f"start paid work on batch {options.batch_name!r}")
    context.output.item(context.client.finalize_batch(options.batch_name).as_dict())


def _status(context: Context) -> None:
    options = context.options
    context.output.item(context.client.batch_status(options.batch_name))


def _wait(context: Context) -> None:
    batch = context.client.get_batch(context.options.batch_name)
    context.output.item(batch.wait(context.options.timeout).as_dict())
