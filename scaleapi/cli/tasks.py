"""``scaleapi tasks``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from .._enums import TaskStatus
from .arguments import (
    Commands,
    add_command,
    add_consent,
    add_fields,
    add_limit,
    add_noun,
    add_timeout,
    page_size,
    positive,
)
from .context import Context
from .errors import UsageError
from .fields import merged_fields
from .filters import add_filters, filters_of

if TYPE_CHECKING:
    from ..bulk import RowOutcome
    from ..tasks import Task

__all__ = ["add_commands"]

_COLUMNS = ("task_id", "type", "status", "project", "batch", "unique_id", "created_at")

_ROW_COLUMNS = ("row", "status", "task_id", "error")


def add_commands(nouns: Commands) -> None:
    """Add the commands of this noun."""
    verbs = add_noun(nouns, "tasks", "Create, find, audit and cancel tasks.")
    listing = add_command(verbs, "list", "List tasks, the newest first.", _list)
    add_filters(listing)
    add_limit(listing)
    add_filters(add_command(verbs, "count", "Count tasks.", _count))

    getting = add_command(verbs, "get", "Print tasks.", _get)
    getting.add_argument("task_ids", nargs="+", metavar="TASK_ID")

    _add_create(verbs)

    canceling = add_command(verbs, "cancel", "Cancel tasks that are pending.", _cancel)
    canceling.add_argument("task_ids", nargs="+", metavar="TASK_ID")
    canceling.add_argument(
        "--clear-unique-id", action="store_true", help="let new tasks have their unique_ids"
    )
    add_consent(canceling, dry_run=False)

    auditing = add_command(verbs, "audit", "Accept or reject a completed task.", _audit)
    auditing.add_argument("task_id", metavar="TASK_ID")
    verdict = auditing.add_mutually_exclusive_group(required=True)
    verdict.add_argument("--accept", action="store_true", dest="accepted")
    verdict.add_argument("--reject", action="store_false", dest="accepted")
    auditing.add_argument("--comments", metavar="TEXT", help="what the labelers should know")

    waiting = add_command(
        verbs, "wait", "Print tasks as they end; fail unless all complete.", _wait
    )
    waiting.add_argument("task_ids", nargs="*", metavar="TASK_ID")
    waiting.add_argument("--project-name", metavar="NAME", help="all tasks of this project")
    waiting.add_argument("--batch-name", metavar="NAME", help="all tasks of this batch")
    add_timeout(waiting)


def _add_create(verbs: Commands) -> None:
    creating = add_command(verbs, "create", "Create one task, or one for each row.", _create)
    creating.add_argument("task_type", metavar="TYPE", help="such as imageannotation")
    add_fields(creating, "what the task has")
    rows = creating.add_argument_group("many tasks")
    rows.add_argument(
        "--rows", metavar="FILE", help=".csv, .jsonl or .json; FIELDs are defaults of its rows"
    )
    rows.add_argument(
        "--unique-id",
        metavar="TEMPLATE",
        help='a column, or a template such as "scan-{id}"',
    )
    rows.add_argument("--journal", metavar="FILE", help="remember what was done, to go on later")
    rows.add_argument("--workers", type=int, default=16, metavar="N", help="calls at once")
    rows.add_argument("--rate", type=positive, metavar="N", help="tasks per second at most")
    add_consent(creating)


def _list(context: Context) -> None:
    options = context.options
    tasks = context.client.get_tasks(**filters_of(options), limit=page_size(options.limit))
    context.output.rows((task.as_dict() for task in islice(tasks, options.limit)), _COLUMNS)


def _count(context: Context) -> None:
    options = context.options
    context.output.item(context.client.get_tasks_count(**filters_of(options)))


def _get(context: Context) -> None:
    for task_id in context.options.task_ids:
        context.output.item(context.client.get_task(task_id).as_dict())


def _create(context: Context) -> None:
    options = context.options
    fields = merged_fields(options.fields, options.params)
    if options.rows is not None:
        _create_many(context, fields)
        return
    for name in ("unique_id", "journal", "rate"):
        if getattr(options, name) is not None:
            raise UsageError(f"--{name.replace('_', '-')} is for --rows")
    if options.dry_run:
        context.output.item({"method": "POST", "path": f"task/{options.task_type}", "body": fields})
        return
    context.confirm(f"create 1 {options.task_type} task")
    context.output.item(context.client.create_task(options.task_type, **fields).as_dict())


def _create_many(context: Context, fields: dict[str, Any]) -> None:
    options = context.options
    if not options.dry_run:
        context.confirm(f"create one {options.task_type} task for each row of {options.rows}")
    outcomes = context.client.iter_create_tasks(
        options.task_type,
        options.rows,
        defaults=fields,
        unique_id=options.unique_id,
        journal=options.journal,
        workers=options.workers,
        rate=options.rate,
        dry_run=options.dry_run,
    )
    context.output.rows((_reported(context, outcome) for outcome in outcomes), _ROW_COLUMNS)


def _reported(context: Context, outcome: RowOutcome[Task]) -> dict[str, Any]:
    """Return what a line says of a row; if it failed, the command fails."""
    if outcome.error is not None:
        context.failed = True
    return {
        "row": outcome.number,
        "status": outcome.status,
        "task_id": None if outcome.task is None else outcome.task.id,
        "error": None if outcome.error is None else str(outcome.error),
    }


def _cancel(context: Context) -> None:
    options = context.options
    context.confirm(f"cancel {len(options.task_ids)} task(s)")

    def canceled() -> Iterator[dict[str, Any]]:
        for task_id in options.task_ids:
            yield context.client.cancel_task(task_id, options.clear_unique_id).as_dict()

    context.output.rows(canceled(), _COLUMNS)


def _audit(context: Context) -> None:
    options = context.options
    context.client.audit_task(options.task_id, options.accepted, options.comments)
    verdict = "accepted" if options.accepted else "rejected"
    context.output.item({"task_id": options.task_id, "customer_review_status": verdict})


def _wait(context: Context) -> None:
    options = context.options
    named = {"project_name": options.project_name, "batch_name": options.batch_name}
    # One that does not exist has no tasks, so that its wait would be over at once.
    if options.project_name is not None:
        context.client.get_project(options.project_name)
    if options.batch_name is not None:
        context.client.get_batch(options.batch_name)
    tasks = context.client.as_completed(options.task_ids or None, **named, timeout=options.timeout)
    context.output.rows((_counted(context, task) for task in tasks), _COLUMNS)


def _counted(context: Context, task: Task) -> dict[str, Any]:
    """Return the JSON of a task that ended; unless it is completed, the command fails."""
    if task.status != TaskStatus.Completed:
        context.failed = True
    return task.as_dict()
