"""``scaleapi studio``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .arguments import Commands, add_command, add_noun
from .context import Context

if TYPE_CHECKING:
    from ..studio import StudioBatch, StudioLabelerAssignment, StudioProjectGroup

__all__ = ["add_commands"]

_GROUP_COLUMNS = ("id", "name", "numWorkers", "isSingleton")
_BATCH_COLUMNS = ("name", "status", "priority")


def add_commands(nouns: Commands) -> None:
    """Add the commands of this noun."""
    verbs = add_noun(nouns, "studio", "Organize who of the team labels what.")
    add_command(verbs, "assignments", "List who is assigned to which projects.", _assignments)
    assigning = add_command(verbs, "assign", "Assign people to projects.", _assign)
    removing = add_command(verbs, "unassign", "Remove people from projects.", _unassign)
    for parser in (assigning, removing):
        parser.add_argument("emails", nargs="+", metavar="EMAIL")
        parser.add_argument("--project", action="append", required=True, help="may be repeated")

    groups = add_command(verbs, "groups", "List the groups of a project.", _groups)
    creating = add_command(verbs, "create-group", "Create a group of labelers.", _create_group)
    updating = add_command(verbs, "update-group", "Add people to a group.", _update_group)
    for parser in (groups, creating, updating):
        parser.add_argument("project", metavar="PROJECT")
    creating.add_argument("group", metavar="GROUP")
    creating.add_argument("emails", nargs="+", metavar="EMAIL")
    updating.add_argument("group", metavar="GROUP")
    updating.add_argument("--add", action="append", metavar="EMAIL", help="may be repeated")
    updating.add_argument("--remove", action="append", metavar="EMAIL", help="may be repeated")

    add_command(verbs, "batches", "List the batches of Studio by priority.", _batches)
    routing = add_command(verbs, "assign-batch", "Let groups work on a batch.", _assign_batch)
    routing.add_argument("batch_name", metavar="BATCH")
    routing.add_argument("groups", nargs="+", metavar="GROUP")
    ordering = add_command(verbs, "prioritize", "Put batches first, in this order.", _prioritize)
    ordering.add_argument("batch_names", nargs="+", metavar="BATCH")
    add_command(verbs, "reset-priorities", "Order the batches by age again.", _reset)


def _assignments(context: Context) -> None:
    _show_assignments(context, context.client.list_studio_assignments())


def _assign(context: Context) -> None:
    options = context.options
    _show_assignments(
        context, context.client.add_studio_assignments(options.emails, options.project)
    )


def _unassign(context: Context) -> None:
    options = context.options
    _show_assignments(
        context, context.client.remove_studio_assignments(options.emails, options.project)
    )


def _show_assignments(context: Context, found: Mapping[str, StudioLabelerAssignment]) -> None:
    rows = ({"email": email, "assigned_projects": one.as_dict()} for email, one in found.items())
    context.output.rows(rows, ("email", "assigned_projects"))


def _groups(context: Context) -> None:
    options = context.options
    _show_groups(context, context.client.list_project_groups(options.project))


def _create_group(context: Context) -> None:
    options = context.options
    group = context.client.create_project_group(options.project, options.emails, options.group)
    _show_groups(context, [group])


def _update_group(context: Context) -> None:
    options = context.options
    group = context.client.update_project_group(
        options.project, options.group, options.add or [], options.remove or []
    )
    _show_groups(context, [group])


def _show_groups(context: Context, groups: Iterable[StudioProjectGroup]) -> None:
    context.output.rows((group.as_dict() for group in groups), _GROUP_COLUMNS)


def _batches(context: Context) -> None:
    _show_batches(context, context.client.list_studio_batches())


def _assign_batch(context: Context) -> None:
    options = context.options
    batch = context.client.assign_studio_batches(options.batch_name, options.groups)
    _show_batches(context, [batch])


def _prioritize(context: Context) -> None:
    options = context.options
    _show_batches(context, context.client.set_studio_batches_priorities(options.batch_names))


def _reset(context: Context) -> None:
    _show_batches(context, context.client.reset_studio_batches_priorities())


def _show_batches(context: Context, batches: Iterable[StudioBatch]) -> None:
    context.output.rows((batch.as_dict() for batch in batches), _BATCH_COLUMNS)
