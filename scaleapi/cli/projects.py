"""``scaleapi projects``."""

from __future__ import annotations

import argparse

from .arguments import Commands, add_command, add_fields, add_noun
from .context import Context
from .fields import merged_fields

__all__ = ["add_commands"]

_COLUMNS = ("name", "type", "archived", "created_at")


def add_commands(nouns: Commands) -> None:
    """Add the commands of this noun."""
    verbs = add_noun(nouns, "projects", "Create, find and change projects.")
    listing = add_command(verbs, "list", "List projects.", _list)
    listing.add_argument(
        "--archived", action=argparse.BooleanOptionalAction, help="only archived ones, or none"
    )

    getting = add_command(verbs, "get", "Print a project.", _get)
    getting.add_argument("project_name", metavar="PROJECT")

    creating = add_command(verbs, "create", "Create a project.", _create)
    creating.add_argument("project_name", metavar="PROJECT")
    creating.add_argument("task_type", metavar="TYPE", help="such as imageannotation")
    add_fields(creating, "default parameters of its tasks")
    creating.add_argument("--rapid", action="store_true")
    creating.add_argument("--studio", action="store_true")
    creating.add_argument("--dataset-id", metavar="ID")

    updating = add_command(verbs, "update", "Add a version of a project's parameters.", _update)
    updating.add_argument("project_name", metavar="PROJECT")
    add_fields(updating, "default parameters of its tasks")


def _list(context: Context) -> None:
    projects = context.client.get_projects(archived=context.options.archived)
    context.output.rows((project.as_dict() for project in projects), _COLUMNS)


def _get(context: Context) -> None:
    options = context.options
    context.output.item(context.client.get_project(options.project_name).as_dict())


def _create(context: Context) -> None:
    options = context.options
    project = context.client.create_project(
        options.project_name,
        options.task_type,
        merged_fields(options.fields, options.params),
        options.rapid,
        options.studio,
        options.dataset_id,
    )
    context.output.item(project.as_dict())


def _update(context: Context) -> None:
    options = context.options
    fields = merged_fields(options.fields, options.params)
    context.output.item(context.client.update_project(options.project_name, **fields).as_dict())
