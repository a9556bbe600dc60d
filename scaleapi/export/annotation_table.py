"""The table of annotations."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from math import hypot
from typing import TYPE_CHECKING, Any

from ..drawing.geometry import Malformed, paths_of
from ..drawing.paths import Path, bounds_of
from ..exceptions import ScaleBadResponse, ScaleException
from .arrow import RecordBatchReader
from .frames import Load, annotations_of
from .results import is_bad_key, what_failed
from .table import Row, Table, json_column, number, points, real, text

if TYPE_CHECKING:
    from ..tasks import Task

__all__ = ["ANNOTATIONS", "annotation_reader"]

_FRAME = number("frame")

ANNOTATIONS = Table(
    text("task_id"),
    text("unique_id"),
    _FRAME,
    number("index"),
    text("uuid"),
    text("type"),
    text("label"),
    real("left"),
    real("top"),
    real("width"),
    real("height"),
    real("rotation"),
    points("vertices"),
    json_column("attributes"),
)


def annotation_reader(
    tasks: Iterable[Task], *, download_results: bool = False
) -> RecordBatchReader:
    """Return the annotations of tasks as a stream of record batches, one row for each.

    ``left``, ``top``, ``width`` and ``height`` are the box that contains the shape; for a box that
    is rotated, the one before the rotation, with ``rotation`` in radians, clockwise. ``vertices``
    are the corners of boxes, the points of polygons and lines, the point itself, the four extremal
    points of ellipses, and the visible corners of cuboids. Nothing is rounded. An annotation whose
    shape cannot be read has a row too, and whatever has no column is in ``other``, as JSON text.

    ``frame`` is the number of the frame: for a video with keyframes that of the video, for others
    that of the attachment, from 0. ``index`` is the position in the response or the frame.

    Args:
        tasks: The tasks, read as the batches are asked for.
        download_results: Whether to download annotations behind links, as those of video and
            lidar tasks are. Without, or where that fails, there is a warning instead of these rows.

    Raises:
        ImportError: pyarrow is not installed.

    Example:
        >>> table = annotation_reader(client.get_tasks("parcels")).read_all()
        >>> table.column_names[4:7]
        ['uuid', 'type', 'label']
    """
    return ANNOTATIONS.reader(_rows_of(tasks, download_results))


def _rows_of(tasks: Iterable[Task], download_results: bool) -> Iterator[Row]:
    """Yield the rows of the annotations of tasks."""
    left_out: list[str] = []
    for task in tasks:

        def load(link: str, task: Task = task) -> object:
            try:
                if download_results:
                    return _json_behind(task, link)
                problem = "give download_results=True to have them"
            except ScaleException as error:
                if is_bad_key(error):
                    raise
                problem = f"those of task {task.id} could not be read ({what_failed(error)})"
            left_out.append(problem)
            return None

        yield from _rows(task.as_dict(), load)
    if left_out:
        warnings.warn(
            f"The annotations of {len(left_out)} tasks are behind links and were left out:"
            f" {left_out[0]}.",
            stacklevel=2,
        )


def _json_behind(task: Task, link: str) -> object:
    """Return the JSON behind the link to the annotations of a task.

    Raises:
        ScaleException: It cannot be downloaded, or is not JSON.
    """
    content = task._client.download_response(link).rstrip(b"\0")  # some files end so
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise ScaleBadResponse("expected JSON") from None


def _rows(task: dict[str, Any], load: Load) -> Iterator[Row]:
    kind = task.get("type")
    task_type = kind if isinstance(kind, str) else None
    # An id that cannot be text is in the table of tasks.
    ids = {column.name: column.take(dict(task)) for column in ANNOTATIONS.columns[:2]}
    met: Counter[int | None] = Counter()
    for frame, annotation in annotations_of(task, load):
        fields, shape = dict(annotation), _shape(annotation, task_type)
        if fields.get("type") is None and isinstance(fields.get("geometry"), str):
            fields["type"] = fields.pop("geometry")
        computed = {} if shape is None else _complete(fields, shape)
        place = None if frame is None else _FRAME.read(frame)
        yield ANNOTATIONS.row(fields, **ids, frame=place, index=met[frame], **computed)
        met[frame] += 1


def _shape(annotation: dict[str, Any], task_type: str | None) -> tuple[Path, ...] | None:
    try:
        return paths_of(annotation, task_type)
    except Malformed:
        return None


def _complete(fields: dict[str, Any], shape: tuple[Path, ...]) -> dict[str, object]:
    """Add to the fields of an annotation what the service leaves out of its shape.

    Returns:
        What cannot be a field, since the field of this name has more than the column holds.
    """
    kind, bounds = _kind(shape), _bounds(shape)
    fields.setdefault("type", kind)
    if kind == "point":
        del fields["x"], fields["y"]
    for name, value in zip(("left", "top", "width", "height"), bounds, strict=True):
        fields.setdefault(name, value)
    sent, read = fields.get("vertices"), [{"x": x, "y": y} for x, y in shape[0].points]
    if sent is None:
        fields["vertices"] = read
    elif kind == "point":  # whatever these are, it was not read from them
        return {"vertices": read}
    elif any(vertex.keys() != {"x", "y"} for vertex in sent):
        return {"vertices": [{"x": vertex["x"], "y": vertex["y"]} for vertex in sent]}
    return {}


def _kind(shape: tuple[Path, ...]) -> str:
    """Return the geometry of an annotation that does not name it."""
    first = shape[0]
    if len(shape) > 1:
        return "cuboid"
    if len(first.points) == 1:
        return "point"
    return ("polygon" if first.closed else "line") if not first.curved else "ellipse"


def _bounds(shape: tuple[Path, ...]) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the box around a shape."""
    first = shape[0]
    if first.curved:  # its control points lie outside
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = (first.points[place] for place in (0, 3, 6, 9))
        across, down = hypot(ax - cx, bx - dx), hypot(ay - cy, by - dy)
        return (ax + cx - across) / 2, (ay + cy - down) / 2, across, down
    frame = bounds_of(shape)
    return frame.left, frame.top, frame.width, frame.height
