"""Pictures of annotations: what people have labeled, on the image or without it.

:func:`annotations_svg` returns a picture that a browser or a notebook shows. :func:`save` and
:func:`draw` need Pillow for pixels: ``pip install "scaleapi[draw]"``.

Example:
    >>> from scaleapi.drawing import annotations_svg
    >>> box = {"type": "box", "label": "parcel", "left": 41, "top": 80, "width": 120, "height": 66}
    >>> annotations_svg([box], size=(640, 480))[:44]
    '<svg xmlns="http://www.w3.org/2000/svg" view'
"""

from __future__ import annotations

from .links import is_image_link
from .picture import Picture
from .svg import render

__all__ = ["annotations_svg"]


def annotations_svg(
    response_or_annotations: object,
    *,
    image: str | None = None,
    size: tuple[float, float] | None = None,
    labels: bool = True,
    task_type: str | None = None,
) -> str:
    """Draw annotations as an SVG document, which can also stand in an HTML page.

    It is as wide as the place where it is shown. What is no annotation, or lacks a field that
    its geometry needs, is left out and counted in a note on the picture.

    Args:
        response_or_annotations: A task's response, or a list of annotations. Of anything else
            the picture is empty.
        image: A link to the image, to be drawn underneath: ``http``, ``https``, or ``data:`` with
            pixels. No other link gets into the picture.
        size: Width and height of the image in pixels. Without it the picture ends where the
            annotations do.
        labels: Whether to write labels beside the shapes, and a legend.
        task_type: The task's type. Answers of ``lineannotation`` do not say that they are lines,
            and without it are drawn as polygons.

    Returns:
        The document.

    Raises:
        ValueError: ``size`` is not two numbers from 1 to 1,000,000.

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
        has_image=image is not None,
        notes=notes,
    )
    return render(picture, image, stretch=size is not None)
