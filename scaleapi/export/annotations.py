"""Exporting annotations: from tasks at hand, or those of a project."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from .._arguments import flag_of, is_given, shown, text_of, whole_number
from .._http.response import check_object
from .._http.url import path as path_of
from ..api import Resource
from ..exceptions import ScaleArgumentError
from ..tasks import Task, TaskMethods, TaskStatus

if TYPE_CHECKING:
    from .formats.report import Report

__all__ = ["FORMATS", "AnnotationExportMethods", "write_annotations"]

#: The formats of :func:`write_annotations`.
FORMATS = ("coco", "yolo", "yolo-obb", "yolo-seg", "voc", "cvat", "ner")


def write_annotations(
    tasks: Iterable[Task | dict[str, Any]],
    path: str | os.PathLike[str],
    format: str = "coco",
    *,
    categories: Iterable[str | Mapping[str, Any]] | None = None,
    image_size: Mapping[str, object] | str | Callable[[Task], object] | None = None,
    images: bool = False,
    annotation_modifier: Callable[[dict[str, Any], Task], dict[str, Any] | None] | None = None,
    base: int = 0,
) -> Report:
    """Write the annotations of tasks to a folder, in a format that training code reads.

    The folder appears when everything is written. ``report.json`` in it says what became of
    each annotation.

    Args:
        tasks: The tasks, from the client, or their JSON, from files of an export. Those without
            a response are counted and left out; those whose response has no annotations are
            kept. Files are downloaded with the client of a task, and so only for tasks with one.
        path: The folder, which must not exist or be empty.
        format: ``"coco"``, ``"yolo"`` (upright boxes), ``"yolo-obb"`` (rotated boxes),
            ``"yolo-seg"`` (polygons), ``"voc"``, ``"cvat"`` (XML 1.1), or ``"ner"`` (named
            entities as JSON lines).
        categories: The labels in the order of their ids, which begin at 1 (YOLO: 0); or dicts
            with ``id`` and ``name``. Other labels are skipped. By default, the labels of
            the tasks' parameters in their order, then others as they are met.
        image_size: Width and height of each image in pixels: a mapping from the task's id, its
            ``unique_id``, its attachment or the file name of that; the key of the task's
            metadata that has them; or a function of the task. What is not found there is read
            from the first bytes of the image.
        images: Whether to copy the images too.
        annotation_modifier: Takes a copy of each annotation and its task; returns the annotation
            to write, or ``None`` to leave it out. Keys that it adds are in COCO's annotations.
        base: For VOC, the coordinate of the first pixel. 0: positions as they are, as CVAT reads
            them. 1: whole pixels with inclusive ends, as in the original data set.

    Returns:
        The report.

    Raises:
        ImportError: There are segmentations, and Pillow is not installed.
        ScaleArgumentError: An argument is bad, or the size of no image is known.

    Example:
        >>> tasks = client.get_tasks("parcels", status="completed")
        >>> print(write_annotations(tasks, "parcels_yolo", "yolo"))
        yolo: 24 images, 131 annotations
          written: 131 box
    """
    return _write(
        tasks,
        path,
        format,
        (),
        categories=categories,
        image_size=image_size,
        images=images,
        annotation_modifier=annotation_modifier,
        base=base,
    )


def _write(
    tasks: Iterable[Task | dict[str, Any]],
    path: str | os.PathLike[str],
    format: str,
    expected: Iterable[object],
    *,
    categories: Iterable[str | Mapping[str, Any]] | None,
    image_size: Mapping[str, object] | str | Callable[[Task], object] | None,
    images: bool,
    annotation_modifier: Callable[[dict[str, Any], Task], dict[str, Any] | None] | None,
    base: int,
) -> Report:
    """Write the annotations of tasks, with the labels of some parameters expected first."""
    # With the client, since few programs need them:
    from .formats.categories import Categories  # noqa: PLC0415
    from .formats.ner import write_texts  # noqa: PLC0415
    from .formats.report import Report  # noqa: PLC0415
    from .formats.writing import export_images, new_folder, writer_of  # noqa: PLC0415

    name = text_of("format", format)
    if name not in FORMATS:
        raise ScaleArgumentError("format", f"must be one of {', '.join(FORMATS)}, not {name!r}")
    first = whole_number(base)
    if first not in (0, 1):
        raise ScaleArgumentError("base", f"must be 0 or 1, not {shown(base)}")
    if first and name != "voc":
        raise ScaleArgumentError("base", f"must be 0 for {name}: only voc can begin at 1")
    if annotation_modifier is not None and not callable(annotation_modifier):
        raise ScaleArgumentError("annotation_modifier", "must be a function")
    copy, report, known = flag_of("images", images), Report(name), Categories(categories)
    listed = _checked(tasks)
    with new_folder(path) as folder:
        for params in expected:
            known.expect(params)
        if name == "ner":
            write_texts(listed, folder, report, known, annotation_modifier)
        else:
            with closing(writer_of(name, folder, known, report, first)) as writer:
                export_images(
                    listed,
                    folder,
                    writer,
                    report,
                    known,
                    image_size=image_size,
                    images=copy,
                    modifier=annotation_modifier,
                )
                writer.finish()
        report.save(folder / "report.json")
    return report


def _checked(tasks: Iterable[Task | dict[str, Any]]) -> Iterator[Task]:
    """Return the tasks one by one.

    Raises:
        ScaleArgumentError: There is something else.
    """
    if isinstance(tasks, (str, Mapping, Task)) or not isinstance(tasks, Iterable):
        raise ScaleArgumentError("tasks", f"must be a list of tasks, not {shown(tasks)}")

    def task_of(task: object) -> Task:
        if isinstance(task, dict):
            # Nothing is downloaded for a task without a client.
            return Task(task, cast("TaskMethods", None))
        if isinstance(task, Task):
            return task
        raise ScaleArgumentError("tasks", f"must be a list of tasks, not of {shown(task)}")

    return map(task_of, tasks)


def _counted(
    tasks: Iterable[Task], total: int, progress: Callable[[int, int], object]
) -> Iterator[Task]:
    """Yield tasks, and tell how many there were of how many."""
    for number, task in enumerate(tasks, 1):
        yield task
        progress(number, max(number, total))


class AnnotationExportMethods(Resource):
    """The call that exports annotations."""

    def export_annotations(
        self,
        project: str | None,
        path: str | os.PathLike[str],
        format: str = "coco",
        *,
        categories: Iterable[str | Mapping[str, Any]] | None = None,
        image_size: Mapping[str, object] | str | Callable[[Task], object] | None = None,
        images: bool = False,
        annotation_modifier: Callable[[dict[str, Any], Task], dict[str, Any] | None] | None = None,
        base: int = 0,
        status: TaskStatus | str | None = TaskStatus.Completed,
        progress: Callable[[int, int], object] | None = None,
        **filters: Any,
    ) -> Report:
        """Write the annotations of a project to a folder, in a format that training code reads.

        The categories are the labels of the project's parameters in their order, then those of
        the tasks' own parameters, then others as they are met.

        Args:
            project: The project's name; ``None`` if ``batch_name`` is among the filters.
            path: The folder, which must not exist or be empty.
            format: As for :func:`scaleapi.export.formats.write_annotations`, as are the
                following arguments.
            categories: The labels in the order of their ids.
            image_size: Where the sizes of images are, if not in their files.
            images: Whether to copy the images too.
            annotation_modifier: Changes annotations before they are written.
            base: For VOC, the coordinate of the first pixel.
            status: Only tasks in this state.
            progress: Called after each task with the number of tasks that are read, and the
                number there are.
            **filters: Further filters of :meth:`get_tasks`.

        Returns:
            The report, which is in ``report.json`` too.

        Raises:
            ScaleArgumentError: An argument is bad, or the size of no image is known.
            ScaleException: The tasks or the project could not be read.

        Example:
            >>> client.export_annotations("parcels", "parcels_coco", images=True)
            Report(format='coco', images=24, written=131, approximated=0, skipped=0)
        """
        client = cast("TaskMethods", self)  # a client is both
        tasks: Iterable[Task] = client.get_tasks(project, status=status, **filters)
        if progress is not None:
            total = client.get_tasks_count(project, status=status, **filters)
            tasks = _counted(tasks, total, progress)
        params = self._project_params(project) if is_given(project) and categories is None else ()
        return _write(
            tasks,
            path,
            format,
            params,
            categories=categories,
            image_size=image_size,
            images=images,
            annotation_modifier=annotation_modifier,
            base=base,
        )

    def _project_params(self, project: str | None) -> Iterator[object]:
        """Yield the latest parameters of a project, if it has any."""
        endpoint = path_of("projects/{project_name}", project_name=project)
        history = check_object(self.api.get_request(endpoint), "name").get("param_history")
        yield from history[-1:] if isinstance(history, list) else ()
