"""``scaleapi export``."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict

from .arguments import Commands, add_command, add_filters, add_noun, filters_of, positive
from .context import Context

__all__ = ["add_commands"]


def add_commands(nouns: Commands) -> None:
    """Add the commands of this noun."""
    verbs = add_noun(nouns, "export", "Write tasks or annotations to files.")
    tasks = add_command(
        verbs, "tasks", "Write all tasks of a project; after a crash, go on.", _tasks
    )
    tasks.add_argument("project", metavar="PROJECT")
    tasks.add_argument("path", metavar="FOLDER")
    tasks.add_argument("--format", default="jsonl", metavar="FORMAT", help="jsonl or parquet")
    tasks.add_argument(
        "--since", metavar="FOLDER", help="only what has changed since the export in this folder"
    )
    tasks.add_argument("--download-results", action="store_true", help="save results behind links")
    tasks.add_argument("--workers", type=int, metavar="N", help="calls at once")
    tasks.add_argument("--rate", type=positive, metavar="N", help="requests per second at most")
    add_filters(tasks, "project-name")

    annotations = add_command(
        verbs, "annotations", "Write annotations in the format of a training tool.", _annotations
    )
    annotations.add_argument("project", metavar="PROJECT")
    annotations.add_argument("path", metavar="FOLDER", help="a folder that is new or empty")
    annotations.add_argument(
        "--format", default="coco", metavar="FORMAT", help="such as coco, yolo, voc or cvat"
    )
    annotations.add_argument(
        "--categories", metavar="A,B", help="labels in the order of their ids, with commas"
    )
    annotations.add_argument("--images", action="store_true", help="copy the images too")
    add_filters(annotations, "project-name")


def _tasks(context: Context) -> None:
    options = context.options
    context.client.get_project(options.project)  # one that does not exist has no tasks
    with _bar() as progress:
        export = context.client.export_tasks(
            options.project,
            options.path,
            format=options.format,
            workers=options.workers,
            rate=options.rate,
            since=options.since,
            download_results=options.download_results,
            progress=progress,
            **filters_of(options),
        )
    failed = [asdict(download) for download in export.failed_downloads]
    context.failed = bool(failed)
    context.output.item(
        {
            "path": export.path,
            "format": export.format,
            "tasks": export.tasks,
            "files": len(export.files),
            "failed_downloads": failed,
        }
    )


def _annotations(context: Context) -> None:
    options = context.options
    categories = None if options.categories is None else options.categories.split(",")
    with _bar() as progress:
        report = context.client.export_annotations(
            options.project,
            options.path,
            options.format,
            categories=categories,
            images=options.images,
            progress=progress,
            **filters_of(options),
        )
    context.output.item(report.as_dict())


@contextmanager
def _bar() -> Generator[Callable[[int, int], object] | None]:
    """Show how many tasks are written, if tqdm is installed and there is somebody to see it."""
    try:
        tqdm = importlib.import_module("tqdm").tqdm if sys.stderr.isatty() else None
    except ImportError:
        tqdm = None
    if tqdm is None:
        yield None
        return
    with tqdm(unit="task", dynamic_ncols=True) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
