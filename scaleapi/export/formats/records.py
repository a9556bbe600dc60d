"""What a format is given to write: an image with its labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from ..._arguments import shown
from ..._http.response import JSONObject
from ...exceptions import ScaleArgumentError
from ...tasks import Task
from .categories import Category
from .masks import IndexImage, Segment
from .shapes import Shape

__all__ = ["Annotation", "Label", "LabeledImage", "Mask", "Modifier", "Writer", "modified"]

#: An annotation of a response.
Annotation = dict[str, Any]

#: Takes a copy of an annotation and its task; returns what is to be written, or ``None``.
Modifier = Callable[[Annotation, Task], Annotation | None]


def modified(modifier: Modifier, annotation: Annotation, task: Task) -> Annotation | None:
    """Return what a modifier makes of a copy of an annotation.

    Raises:
        ScaleArgumentError: It is neither an annotation nor ``None``.
    """
    found: object = modifier(dict(annotation), task)
    if found is None or isinstance(found, dict):
        return found
    raise ScaleArgumentError(
        "annotation_modifier", f"must return an annotation or None, not {shown(found)}"
    )


class Label(NamedTuple):
    """An annotation with a shape."""

    annotation: Annotation
    shape: Shape
    category: Category
    where: str
    is_interpolated: bool = False

    @property
    def attributes(self) -> JSONObject:
        """Its attributes."""
        found = self.annotation.get("attributes")
        return found if isinstance(found, dict) else {}


class Mask(NamedTuple):
    """A segment of a segmentation."""

    segment: Segment
    category: Category
    where: str


class LabeledImage(NamedTuple):
    """An image with what is on it.

    Attributes:
        name: The name of its file.
        width: Its width in pixels.
        height: Its height.
        task: The JSON of its task.
        frame: The number of the frame in its video, ``None`` for an image.
        labels: Its annotations.
        masks: Its segments.
        pixels: The pixels of the segments.
    """

    name: str
    width: int
    height: int
    task: JSONObject
    frame: int | None
    labels: list[Label]
    masks: list[Mask]
    pixels: IndexImage | None


class Writer(Protocol):
    """Writes images to the files of a format."""

    #: The folder for copies of the images.
    images: str

    def write(self, image: LabeledImage) -> None:
        """Write an image, and count each of its labels and masks in the report."""

    def finish(self) -> None:
        """Write what comes after the last image."""

    def close(self) -> None:
        """Close the files, finished or not."""
