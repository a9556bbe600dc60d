"""Writing an export: tasks in, files of a format and a report out."""

from __future__ import annotations

import os
import re
import shutil
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from ..._arguments import shown
from ...exceptions import ScaleArgumentError
from ...tasks import Task
from ..folder import check_place, path_text
from .categories import Categories
from .coco import CocoWriter
from .cvat import CvatWriter
from .files import SUFFIXES, ImageFile, ImageSize, Unavailable, given_size, open_image
from .frames import Frame, frames_of
from .masks import IndexImage, Segment, index_image, segments_of
from .names import Names
from .records import Annotation, Label, LabeledImage, Mask, Modifier, Writer, modified
from .report import LISTED_TWICE, NOT_COPIED, Report
from .shapes import Malformed, Shape
from .voc import VocWriter
from .yolo import ObbWriter, SegmentWriter, YoloWriter

__all__ = ["export_images", "new_folder", "writer_of"]

#: The names of folders that are being filled.
_PART = re.compile(r"\.[0-9a-f]{16}-[0-9a-f]{32}\.part")

#: The name of a folder with everything, whose files are being moved to the folder it is in.
_FULL = ".full"

#: Files that are downloaded at the same time.
_WORKERS = 8

#: Images at the start without a size, after which it is no use to look at all others.
_ENOUGH = 50

#: Types whose results are not on images. Their annotations may be links too.
_NOT_IMAGES = ("lidar", "sensorfusion", "namedentityrecognition", "lane")


class _Loaded(NamedTuple):
    """A task with what was read for it."""

    task: Task
    frames: list[tuple[Frame, ImageFile]]
    segments: list[Segment]
    pixels: IndexImage | None
    problem: str = ""


def export_images(
    tasks: Iterable[Task],
    folder: Path,
    writer: Writer,
    report: Report,
    categories: Categories,
    *,
    image_size: ImageSize | None,
    images: bool,
    modifier: Modifier | None,
) -> None:
    """Write tasks to the files of a format.

    Args:
        tasks: The tasks, each read once.
        folder: The folder of the export.
        writer: Writes the files.
        report: Counts what becomes of the tasks.
        categories: The categories; further ones are added.
        image_size: Where sizes come from, if not from the images.
        images: Whether to copy the images too.
        modifier: Changes annotations before they are written.
    """
    names, seen, problem = Names(), set[str](), ""
    place = folder / writer.images
    for loaded in _loaded(tasks, image_size, images):
        report.tasks += 1
        task = loaded.task.as_dict()
        task_id = str(task.get("task_id") or "")
        if task_id and task_id in seen:
            report.skipped_tasks[LISTED_TWICE] += 1
            continue
        seen.add(task_id)
        if loaded.problem:
            report.skipped_tasks[loaded.problem] += 1
            continue
        categories.expect(task.get("params"))
        for frame, file in loaded.frames:
            masks = _masks(loaded, categories, report, task_id)
            labels = _labels(frame, loaded.task, categories, report, modifier)
            if file.size is None:
                problem = file.problem
                _skip(masks, labels, report, f"the size of its image is unknown: {problem}")
                if not report.images and report.skipped_images.total() >= _ENOUGH:
                    raise _no_size(problem)
                continue
            wanted = str(task.get("unique_id") or task_id)
            if Path(wanted).suffix.lower() in SUFFIXES:  # as in a17.jpg, which gets its own again
                wanted = wanted[: -len(Path(wanted).suffix)]
            number = "" if frame.number is None else f"-{frame.number:06d}"
            name = names.stem(wanted + number, task_id + number) + file.suffix
            if images:
                _copy(file, place / name, report)
            width, height = file.size
            writer.write(
                LabeledImage(name, width, height, task, frame.number, labels, masks, loaded.pixels)
            )
            report.images += 1
    if problem and not report.images:
        raise _no_size(problem)


def _no_size(problem: str) -> ScaleArgumentError:
    return ScaleArgumentError("image_size", f"must be given, since no size is known: {problem}")


def _skip(masks: list[Mask], labels: list[Label], report: Report, reason: str) -> None:
    report.skipped_images[reason] += 1
    for label in labels:
        report.skip(label.shape.geometry, reason, label.where)
    for mask in masks:
        report.skip("mask", reason, mask.where)


def _copy(file: ImageFile, path: Path, report: Report) -> None:
    if file.content is None:
        report.notes[f"{NOT_COPIED}: {file.problem}"] += 1
        return
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(file.content)
    if file.note:
        report.notes[file.note] += 1


def _labels(
    frame: Frame, task: Task, categories: Categories, report: Report, modifier: Modifier | None
) -> list[Label]:
    """Return the annotations of an image that have a shape and a category."""
    json_object = task.as_dict()
    task_type, labels = str(json_object.get("type")), []
    for place, original in enumerate(frame.annotations):
        annotation: Annotation | None = original if isinstance(original, dict) else None
        where = f"{json_object.get('task_id')} {annotation.get('uuid') if annotation else place}"
        if annotation is not None and modifier is not None:
            annotation = modified(modifier, annotation, task)
            if annotation is None:
                geometry = _geometry(original, task_type)
                report.skip(geometry, "left out by annotation_modifier", where)
                continue
        if annotation is None:
            report.skip("unknown", "not an annotation", where)
            continue
        try:
            shape = Shape.of(annotation, task_type)
        except Malformed:
            reason = "a field of its geometry is missing or wrong"
            report.skip(_geometry(annotation, task_type), reason, where)
            continue
        category = categories.find(annotation.get("label"))
        if category is None:
            report.skip(shape.geometry, "its label is not among the categories", where)
            continue
        labels.append(Label(annotation, shape, category, where, place in frame.interpolated))
    return labels


_GEOMETRIES = frozenset({"box", "cuboid", "ellipse", "line", "point", "polygon"})


def _geometry(annotation: Annotation, task_type: str) -> str:
    """Return the geometry of an annotation, which may have no shape."""
    try:
        return Shape.of(annotation, task_type).geometry
    except Malformed:
        named = annotation.get("type") or annotation.get("geometry")
        return named if isinstance(named, str) and named in _GEOMETRIES else "unknown"


def _masks(loaded: _Loaded, categories: Categories, report: Report, task_id: str) -> list[Mask]:
    masks = []
    for segment in loaded.segments:
        where = f"{task_id} index {segment.number}"
        category = categories.find(segment.label)
        if category is None:
            report.skip("mask", "its label is not among the categories", where)
        else:
            masks.append(Mask(segment, category, where))
    return masks


def _loaded(tasks: Iterable[Task], image_size: ImageSize | None, images: bool) -> Iterator[_Loaded]:
    """Yield tasks in their order, and load a few at a time what comes from the network."""
    load = partial(_load, image_size=image_size, images=images)
    waiting: deque[Future[_Loaded]] = deque()
    executor = ThreadPoolExecutor(_WORKERS, thread_name_prefix="scaleapi-export")
    try:
        for task in tasks:
            if not _needs_network(task, image_size, images):
                while waiting:
                    yield waiting.popleft().result()
                yield load(task)
                continue
            waiting.append(executor.submit(load, task))
            if len(waiting) >= 2 * _WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # Without waiting for downloads that nobody wants any more, as after Ctrl-C.
        executor.shutdown(wait=False, cancel_futures=True)


def _needs_network(task: Task, image_size: ImageSize | None, images: bool) -> bool:
    response = task.as_dict().get("response")
    if not isinstance(response, dict):
        return False
    return images or image_size is None or not isinstance(response.get("annotations"), list)


def _load(task: Task, image_size: ImageSize | None, images: bool) -> _Loaded:
    """Return a task with its images and annotations, or with what is wrong with it."""
    response = task.as_dict().get("response")
    task_type = str(task.as_dict().get("type"))
    if not isinstance(response, dict):
        return _Loaded(task, [], [], None, "no response")
    if task_type.startswith(_NOT_IMAGES):
        return _Loaded(task, [], [], None, f"{task_type} is not on images")
    try:
        if "labelMapping" in response:
            return _load_segmentation(task, response, images)
        frames, size, known = [], given_size(image_size, task), ImageFile(None, "")
        for frame in frames_of(task, response):
            # The frames of a video have one size, so that only the first is looked at.
            file = open_image(task, frame.attachment, size or known.size, images)
            known = known if known.size else file
            frames.append((frame, file if file.size or not known.size else known))
        return _Loaded(task, frames, [], None)
    except Unavailable as error:
        return _Loaded(task, [], [], None, str(error))


def _load_segmentation(task: Task, response: dict[str, Any], images: bool) -> _Loaded:
    segments = [*segments_of(response)]
    highest = max((segment.number for segment in segments), default=0)
    pixels = index_image(task, response, highest)
    params = task.as_dict().get("params")
    attachment = params.get("attachment") if isinstance(params, dict) else None
    file = open_image(task, attachment, pixels.size, images)
    return _Loaded(task, [(Frame(None, attachment, []), file)], segments, pixels)


def writer_of(
    format: str, folder: Path, categories: Categories, report: Report, base: int
) -> Writer:
    """Return what writes a format of images.

    Args:
        format: The name of the format.
        folder: The folder to write to.
        categories: The categories.
        report: Counts what is written.
        base: The coordinate of the first pixel, for VOC.
    """
    if format == "voc":
        return VocWriter(folder, categories, report, base)
    return _WRITERS[format](folder, categories, report)


_WRITERS: dict[str, Callable[[Path, Categories, Report], Writer]] = {
    "coco": CocoWriter,
    "cvat": CvatWriter,
    "yolo": YoloWriter,
    "yolo-obb": ObbWriter,
    "yolo-seg": SegmentWriter,
}


@contextmanager
def new_folder(path: str | os.PathLike[str]) -> Generator[Path, None, None]:
    """Make a folder that appears under its name when it is complete, or not at all.

    If it is there and empty, its files appear when all of them are complete.

    Args:
        path: The folder, which must not exist or be empty.

    Raises:
        ScaleArgumentError: There is something in it, or it is a file.
    """
    text = path_text("path", path, "the path of a folder on this machine")
    if "://" in text:
        raise ScaleArgumentError(
            "path", f"must be the path of a folder on this machine, not the URL {shown(text)}"
        )
    final = Path(text)
    _check_empty(final)
    check_place("path", final.absolute())
    place = final if final.exists() else final.parent
    # Not the name itself, with which this one may be too long.
    key = sha256(os.fsencode(final.absolute())).hexdigest()[:16]
    made = place / f".{key}-{uuid4().hex}.part"
    made.mkdir(parents=True)
    try:
        yield made
        _check_empty(final)
        if final.exists():
            _move(made, final)
        else:
            made.rename(final)
        for left in place.glob(f".{key}-*.part"):  # of runs that were killed, or came too late
            shutil.rmtree(left, ignore_errors=True)
    except BaseException as error:
        shutil.rmtree(made, ignore_errors=True)
        if isinstance(error, OSError):
            _check_empty(final)  # another export has filled it, and removed this one's files
        raise


def _check_empty(folder: Path, *allowed: str) -> None:
    """Check that there is no such folder, or nothing in it but what unfinished exports have made.

    Raises:
        ScaleArgumentError: There is something in it, or it is a file.
    """
    if not folder.exists():
        return
    if not folder.is_dir() or any(
        not _PART.fullmatch(file.name) and file.name not in allowed for file in folder.iterdir()
    ):
        raise ScaleArgumentError(
            "path", f"must be a new or an empty folder, but {shown(str(folder))} is not"
        )


def _move(made: Path, final: Path) -> None:
    """Move files into a folder that stays the same one, with its mount, links and permissions.

    Of several exports that do so at once, the one whose files get the name ``_FULL`` goes on. Until
    its last file is moved, no other gets it: a folder with something in it is not replaced.

    Raises:
        OSError: Another export has the name.
        ScaleArgumentError: Another export had it, and has moved its files.
    """
    full = final / _FULL
    made.rename(full)
    try:
        _check_empty(final, _FULL)
    except ScaleArgumentError:
        shutil.rmtree(full, ignore_errors=True)
        raise
    for file in sorted(full.iterdir(), key=lambda file: file.name == "report.json"):
        file.rename(final / file.name)
    with suppress(OSError):  # another export has got the name, and removes it
        full.rmdir()
