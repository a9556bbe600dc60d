"""``scaleapi export``."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial

from ..export.annotations import FORMATS
from .arguments import Commands, add_command, add_noun, count, positive
from .context import Context
from .errors import UsageError
from .filters import add_filters, filters_of

__all__ = ["add_commands"]


def add_commands(nouns: Commands) -> None:
    """Add the commands of this noun."""
    verbs = add_noun(nouns, "export", "Write tasks and annotations to files.")
    tasks = add_command(
        verbs, "tasks", "Write tasks to files; the same command continues after a failure.", _tasks
    )
    tasks.add_argument("project", metavar="PROJECT")
    tasks.add_argument("path", metavar="PATH", help="a folder, or a URL such as s3://bucket/out")
    tasks.add_argument("--format", choices=("jsonl", "parquet"), default="jsonl")
    tasks.add_argument(
        "--since", metavar="PATH", help="only what has changed since the export in this folder"
    )
    tasks.add_argument(
        "--download-results", action="store_true", help="save the results behind links too"
    )
    tasks.add_argument("--window", type=count, default=20_000, metavar="N", help="tasks per file")
    tasks.add_argument("--workers", type=count, metavar="N", help="files at once, by default 8")
    tasks.add_argument("--rate", type=positive, metavar="N", help="requests per second at most")
    add_filters(tasks, project=False)
    _add_annotations(verbs)


def _add_annotations(verbs: Commands) -> None:
    about = "Write the annotations of completed tasks to a new folder, for training."
    annotations = add_command(verbs, "annotations", about, _annotations)
    annotations.add_argument("project", metavar="PROJECT")
    annotations.add_argument("path", metavar="PATH", help="a folder that is new or empty")
    annotations.add_argument("--format", choices=FORMATS, default="coco")
    annotations.add_argument("--images", action="store_true", help="copy the images too")
    annotations.add_argument(
        "--image-size", metavar="KEY", help="the key of the metadata that has width and height"
    )
    annotations.add_argument(
        "--category",
        action="append",
        dest="categories",
        metavar="LABEL",
        help="a label, in the order of the ids; may be repeated",
    )
    annotations.add_argument(
        "--base", type=int, default=0, metavar="N", help="for voc: the first pixel, 0 or 1"
    )
    add_filters(annotations, project=False)


def _tasks(context: Context) -> None:
    options = context.options
    with _watched(context):
        export = context.client.export_tasks(
            _project(context),
            options.path,
            format=options.format,
            workers=options.workers,
            rate=options.rate,
            window=options.window,
            since=options.since,
            download_results=options.download_results,
            progress=partial(context.output.progress, things="tasks"),
            **filters_of(options),
        )
    files = export.runs[-1].files
    failed = export.failed_downloads
    exported, missing = sum(file.tasks for file in files), sum(file.missing for file in files)
    lines = [f"{export.tasks:,} tasks in {len(export.files):,} files in {export.path}"]
    if len(export.runs) > 1:
        lines.append(f"  of these new or changed: {exported:,}")
    lines += [f"  not downloaded: {one.link} of {one.task_id}, {one.error}" for one in failed]
    facts = {
        "path": export.path,
        "format": export.format,
        "tasks": export.tasks,
        "files": len(export.files),
        "exported": exported,
        "missing": missing,
        "failed_downloads": [asdict(one) for one in failed],
    }
    context.output.summary("\n".join(lines), facts)
    context.failed = bool(missing or failed)


def _annotations(context: Context) -> None:
    options = context.options
    with _watched(context):
        report = context.client.export_annotations(
            _project(context),
            options.path,
            options.format,
            categories=options.categories,
            image_size=options.image_size,
            images=options.images,
            base=options.base,
            progress=partial(context.output.progress, things="tasks"),
            **filters_of(options),
        )
    context.output.summary(str(report), report.as_dict())
    context.failed = report.is_incomplete


def _project(context: Context) -> str:
    """Return the name of the project.

    Raises:
        ScaleException: There is none of this name: it has no tasks, but that is no success.
    """
    name: str = context.options.project
    context.client.get_project(name)
    return name


@contextmanager
def _watched(context: Context) -> Generator[None]:
    """Print the warnings of an export as messages, and name an extra that is not installed."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except ImportError as error:
            raise UsageError(str(error)) from None
        finally:
            context.output.end_progress()
            for warning in caught:
                context.output.say(f"scaleapi: {warning.message}")
