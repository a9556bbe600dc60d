"""Pictures of annotations, on their image or without it.

:func:`annotations_svg` returns a picture that a browser or a notebook shows. :func:`save` and
:func:`draw` need Pillow for pixels: ``pip install "scaleapi[draw]"``.

Example:
    >>> from scaleapi.drawing import annotations_svg
    >>> box = {"type": "box", "label": "parcel", "left": 41, "top": 80, "width": 120, "height": 66}
    >>> annotations_svg([box], size=(640, 480))[:44]
    '<svg xmlns="http://www.w3.org/2000/svg" view'
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..exceptions import ScaleArgumentError
from .colors import PALETTE
from .links import is_image_link
from .order import labels_of
from .picture import Picture
from .svg import render
from .tasks import task_svg

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["PALETTE", "annotations_svg", "draw", "labels_of", "save", "task_svg"]


def annotations_svg(
    response_or_annotations: object,
    *,
    image: str | None = None,
    size: tuple[float, float] | None = None,
    labels: bool = True,
    task_type: str | None = None,
    label_order: Iterable[str] = (),
) -> str:
    """Draw annotations as an SVG document, which can also stand in an HTML page.

    The picture is as wide as the place where it is shown. Anything that is not an annotation, or
    lacks a field that its geometry needs, is left out and counted in a note on the picture.

    Args:
        response_or_annotations: A task's response, or a list of annotations. For anything else,
            the picture is empty.
        image: A link to the image underneath: ``http``, ``https``, or ``data:`` with pixels. Any
            other link is left out.
        size: Width and height of the image in pixels. By default, the picture ends where the
            annotations do.
        labels: Whether to write labels beside the shapes. Labels without room are in a legend.
        task_type: The task's type. Responses of ``lineannotation`` do not say that they contain
            lines, and are drawn as polygons without it.
        label_order: The labels in the order that gives them their colors, such as that of
            ``objects_to_annotate``. Other labels follow in the order of their first annotation.

    Returns:
        The document.

    Raises:
        ScaleArgumentError: If ``size`` is not two numbers from 1 to 1,000,000.

    Example:
        >>> line = {"label": "tape", "vertices": [{"x": 0, "y": 5}, {"x": 90, "y": 7}]}
        >>> svg = annotations_svg({"annotations": [line]}, task_type="lineannotation")
    """
    notes: tuple[str, ...] = ()
    if image is not None and not is_image_link(image):
        image, notes = None, ("Image not shown: not an http, https or data link",)
    picture = Picture(
        response_or_annotations,
        size=size,
        labels=labels,
        task_type=task_type,
        label_order=label_order,
        has_image=image is not None,
        notes=notes,
    )
    return render(picture, image, stretch=size is not None)


def save(
    path: str | os.PathLike[str],
    response_or_annotations: object,
    *,
    image: str | None = None,
    size: tuple[float, float] | None = None,
    labels: bool = True,
    task_type: str | None = None,
    label_order: Iterable[str] = (),
    font: str | os.PathLike[str] | None = None,
) -> None:
    """Write a picture of annotations to a file, as :func:`annotations_svg` draws it.

    Args:
        path: The file to write: ``.svg``, or ``.png``, ``.jpg`` and ``.jpeg`` with Pillow.
        response_or_annotations: A task's response, or a list of annotations.
        image: A link to the image. Nothing is fetched, so pixels need a ``data:`` link, to a
            BMP, GIF, JPEG, PNG or WebP image of at most 50,000,000 pixels.
        size: Width and height of the image in pixels. By default, those of ``image``, or what
            the annotations need.
        labels: Whether to write labels.
        task_type: The task's type, for annotations that do not say what they are.
        label_order: The labels in the order that gives them their colors.
        font: The path of a TrueType or OpenType font for the labels of a picture in pixels.

    Raises:
        ImportError: If Pillow is needed and not installed.
        OSError: If the file cannot be written.
        ScaleArgumentError: If ``path`` has another suffix, ``image`` or ``font`` cannot be read,
            the picture would have too many pixels, or ``size`` is wrong.

    Example:
        >>> save("parcels.svg", task.response, image=task.params["attachment"], size=(640, 480))
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".svg":
        svg = annotations_svg(
            response_or_annotations,
            image=image,
            size=size,
            labels=labels,
            task_type=task_type,
            label_order=label_order,
        )
        Path(path).write_bytes(svg.encode())
        return
    if suffix not in {".png", ".jpg", ".jpeg"}:
        raise ScaleArgumentError("path", f"must end in .svg, .png, .jpg or .jpeg, not {suffix!r}")

    from . import pixels  # noqa: PLC0415  # Pillow is optional
    from .fonts import checked  # noqa: PLC0415
    from .images import opened, upright  # noqa: PLC0415
    from .spelling import spelled  # noqa: PLC0415

    face = checked(font)
    background = None if image is None else upright(opened(image))
    picture = Picture(
        response_or_annotations,
        size=background.size if background and size is None else size,
        labels=labels,
        task_type=task_type,
        label_order=label_order,
        spell=lambda found: spelled(found, face),
    )
    canvas = pixels.blank(picture)
    if background is not None:
        canvas.alpha_composite(background.resize(canvas.size))
    pixels.paint(picture, canvas, face)
    canvas.convert("RGB").save(path)


def draw(
    image: Image,
    response_or_annotations: object,
    *,
    labels: bool = True,
    task_type: str | None = None,
    label_order: Iterable[str] = (),
    font: str | os.PathLike[str] | None = None,
) -> Image:
    """Return a copy of an image with annotations drawn on it, at their pixels.

    Args:
        image: The image that was labeled, opened with Pillow. If its EXIF data say that the
            camera was turned, the copy is upright, as in browsers. Values of more than eight
            bits are scaled: the least becomes black and the greatest white.
        response_or_annotations: A task's response, or a list of annotations.
        labels: Whether to write labels.
        task_type: The task's type, for annotations that do not say what they are.
        label_order: The labels in the order that gives them their colors.
        font: The path of a TrueType or OpenType font for the labels. Letters that it lacks come
            from Pillow's font and those of the system.

    Returns:
        The copy, ``RGBA`` if the image has transparency and ``RGB`` otherwise.

    Raises:
        ImportError: If Pillow is not installed.
        ScaleArgumentError: If the mode of the image cannot be converted, or ``font`` cannot be
            read.

    Example:
        >>> draw(PIL.Image.open("parcels.jpg"), task.response).show()
    """
    from . import pixels  # noqa: PLC0415  # Pillow is optional
    from .fonts import checked  # noqa: PLC0415
    from .images import upright  # noqa: PLC0415
    from .spelling import spelled  # noqa: PLC0415

    face = checked(font)
    canvas = upright(image)
    picture = Picture(
        response_or_annotations,
        size=canvas.size,
        labels=labels,
        task_type=task_type,
        label_order=label_order,
        spell=lambda found: spelled(found, face),
    )
    pixels.paint(picture, canvas, face)
    return canvas if image.has_transparency_data else canvas.convert("RGB")
