"""A seed for the sandbox from an account: read through the client, loaded by the sandbox.

The client and the sandbox do not know each other, so this module writes what the sandbox reads::

    python -m scaleapi.account_seed --project parcels --output seed.json
    python -m scaleapi.sandbox --seed seed.json
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from .client import ScaleClient
from .exceptions import ScaleArgumentError, ScaleException
from .projects import Project

__all__ = ["main", "seed_from_account"]

_EMAIL = re.compile(r"[^@\s<>\"',;:]+@[^@\s<>\"',;:]+\.[^@\s<>\"',;:.]+")
_LINKS = "attachmentS3Downloads"
_TASK_FIELDS = (
    *("task_id", "created_at", "updated_at", "completed_at", "type", "status", "project", "batch"),
    *("is_test", "urgency", "priority", "work_started", "project_param_version"),
    *("customer_review_status", "tags"),
)
_BATCH_FIELDS = (
    *("id", "name", "project", "status", "created_at", "completed_at", "last_audited_at"),
    *("calibration_batch", "self_label_batch", "priority"),
)
_FILE_FIELDS = (
    *("id", "attachment_url", "mime_type", "size", "project_names", "created_at", "updated_at"),
)
_PARAMETERS = (
    *("allow_multiple", "allow_parent_labels", "allow_unlabeled", "annotation_attributes"),
    *("attachment_type", "categories", "category_ids", "choices", "events_to_annotate"),
    *("features", "fields", "frame_rate", "geometries", "labels", "max_annotations"),
    *("min_annotations", "min_height", "min_width", "objects_to_annotate", "padding", "paddingX"),
    *("paddingY", "repeatable_fields", "responses_required", "splines", "verbatim", "with_labels"),
)
"""Parameters that say what to do, not with what."""

_INSTEAD = "https://example.com/attachment"


def seed_from_account(
    client: ScaleClient,
    *,
    projects: Iterable[str] | None = None,
    tasks_per_project: int | None = None,
    personal_data: bool = True,
) -> dict[str, Any]:
    """Return a seed for the sandbox with the projects of an account and what is in them.

    It reads projects, batches, tasks, files (without their content) and the team, and changes
    nothing. Tasks without a project are left out.

    Args:
        client: A client of the account.
        projects: The names of the projects; by default all.
        tasks_per_project: How many tasks of each project to read, the newest; by default all.
        personal_data: Whether to keep people, texts and links. If not, responses, audits,
            metadata, callbacks, attachments and the team are left out, unique ids are replaced
            and email addresses in parameters masked. Names of projects and batches, tags and
            labels stay.

    Raises:
        ScaleArgumentError: If there is no such project, or the limit is not a whole number.
        ScaleException: If the account cannot be read.

    Example:
        >>> seed = seed_from_account(client, projects=["parcels"], tasks_per_project=100)
        >>> Path("seed.json").write_text(json.dumps(seed))
    """
    if tasks_per_project is not None and (
        type(tasks_per_project) is not int or tasks_per_project < 0
    ):
        raise ScaleArgumentError(
            "tasks_per_project", f"must be a whole number from 0, not {tasks_per_project!r}"
        )
    found = _projects(client, projects)
    batches = [batch.as_dict() for one in found for batch in client.get_batches(one.name)]
    names = {batch["name"] for batch in batches}
    sections: dict[str, Iterable[Mapping[str, Any]]] = {
        "batches": sorted(batches, key=_age),
        "tasks": sorted(_tasks(client, found, names, tasks_per_project), key=_age),
        "files": sorted(_files(client, found), key=_age),
    }
    if personal_data:
        sections["teammates"] = [
            one.as_dict() for one in client.list_teammates() if one.role != "admin"
        ]
    else:
        cleaned = {"batches": _batch, "tasks": _task, "files": _file}
        sections = {name: map(cleaned[name], sections[name]) for name in sections}
    part = {name: [{"resource": one} for one in entries] for name, entries in sections.items()}
    part["projects"] = [_project(one, batches, personal_data=personal_data) for one in found]
    mode = "test" if client.api.api_key.startswith("test_") else "live"
    return {mode: {name: entries for name, entries in part.items() if entries}}


def _projects(client: ScaleClient, names: Iterable[str] | None) -> list[Project]:
    found = sorted(client.projects(), key=lambda one: one.created_at or "")
    if names is None:
        return found
    wanted = [names] if isinstance(names, str) else list(names)
    for name in wanted:
        if name not in {one.name for one in found}:
            raise ScaleArgumentError("projects", f'must exist, and there is no project "{name}"')
    return [one for one in found if one.name in wanted]


def _tasks(
    client: ScaleClient, projects: list[Project], batches: set[str], limit: int | None
) -> Iterator[dict[str, Any]]:
    for project in projects:
        tasks = client.get_tasks(project.name, include_attachment_url=False)
        # From the newest to the oldest; the order counts where times are equal.
        for task in reversed(list(islice(tasks, limit))):
            found = task.as_dict()
            found.pop(_LINKS, None)
            if found.get("batch") not in batches:
                found.pop("batch", None)
            yield found


def _files(client: ScaleClient, projects: list[Project]) -> list[dict[str, Any]]:
    names = {project.name for project in projects}
    found: dict[str, dict[str, Any]] = {}
    for project in projects:
        for file in client.list_files(project.name):
            shown = file.as_dict()
            shown["project_names"] = [one for one in shown["project_names"] if one in names]
            found.setdefault(file.id, shown)
    return list(reversed(found.values()))


def _age(resource: Mapping[str, Any]) -> str:
    return str(resource.get("created_at") or "")


def _project(
    project: Project, batches: Iterable[Mapping[str, Any]], *, personal_data: bool
) -> dict[str, Any]:
    resource = project.as_dict()
    history = resource.get("param_history") or []
    entry: dict[str, Any] = {"resource": resource}
    # The product is not read: only what has come of it is.
    staged = any(one["project"] == project.name and one["status"] == "staging" for one in batches)
    if "pipelineName" in resource or any("pipelineName" in version for version in history):
        entry["product"] = "studio"
    elif staged:
        entry["product"] = "rapid"
    if not personal_data:
        keep = ("version", "created_at", "instruction", *_PARAMETERS)
        resource["param_history"] = [_masked(_kept(version, keep)) for version in history]
        entry["resource"] = _kept(
            resource,
            ("name", "type", "created_at", "archived", "param_history", "pipelineName"),
        )
    return entry


# Without personal data


def _kept(resource: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: resource[name] for name in names if name in resource}


def _batch(batch: Mapping[str, Any]) -> dict[str, Any]:
    return _kept(batch, _BATCH_FIELDS)


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    return _kept(file, _FILE_FIELDS)


def _task(task: Mapping[str, Any]) -> dict[str, Any]:
    kept = _kept(task, _TASK_FIELDS)
    params: Mapping[str, Any] = task.get("params") or {}
    kept["params"] = _masked(_kept(params, _PARAMETERS)) | _placeholders(params)
    if task.get("unique_id"):
        digest = hashlib.sha256(f"{task['task_id']} {task['unique_id']}".encode())
        kept["unique_id"] = digest.hexdigest()[:16]
    return kept


def _placeholders(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return something in place of what a task is about."""
    found: dict[str, Any] = {}
    if "attachment" in params:
        found["attachment"] = _INSTEAD
    attachments = params.get("attachments")
    if isinstance(attachments, list):
        found["attachments"] = [
            {"type": one.get("type"), "content": _INSTEAD} if isinstance(one, dict) else _INSTEAD
            for one in attachments
        ]
    if "text" in params:
        found["text"] = "Left out."
    return found


def _masked(value: Any) -> Any:
    """Return JSON with every email address in it replaced."""
    if isinstance(value, str):
        return _EMAIL.sub("someone@example.com", value)
    if isinstance(value, list):
        return [_masked(one) for one in value]
    if isinstance(value, dict):
        return {name: _masked(one) for name, one in value.items()}
    return value


# The command


def main(arguments: list[str] | None = None) -> int:
    """Run the command: write a seed from the account of ``SCALE_API_KEY``.

    Args:
        arguments: The command-line arguments; by default those of the process.

    Returns:
        The exit status: 0 for a seed, 1 if the account cannot be read.
    """
    options = _parser().parse_args(arguments)
    try:
        with ScaleClient() as client:
            seed = seed_from_account(
                client,
                projects=options.project,
                tasks_per_project=options.limit,
                personal_data=not options.without_personal_data,
            )
        text = json.dumps(seed, indent=1) + "\n"
        if options.output is None:
            sys.stdout.write(text)
        else:
            options.output.write_text(text, encoding="utf-8")
    except (ScaleException, OSError) as error:
        sys.stderr.write(f"scaleapi.account_seed: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scaleapi.account_seed",
        description="Write a seed for the sandbox from the account of SCALE_API_KEY, read-only.",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it (default: print it)"
    )
    parser.add_argument(
        "--project",
        action="append",
        metavar="NAME",
        help="only this project (may be repeated; default: all)",
    )
    parser.add_argument(
        "--limit", type=int, metavar="NUMBER", help="only the newest tasks of each project"
    )
    parser.add_argument(
        "--without-personal-data",
        action="store_true",
        help="leave out people, texts, responses, metadata and links",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
