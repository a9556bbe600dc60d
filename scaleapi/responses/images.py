"""Responses of image tasks."""

from __future__ import annotations

from typing import Any, TypedDict

from .annotations import Annotation, CuboidAnnotation, ShapeAnnotation

__all__ = [
    "AnnotationResponse",
    "CombinedMasks",
    "CuboidAnnotationResponse",
    "ImageAnnotationResponse",
    "LineAnnotationResponse",
    "PointAnnotationResponse",
    "PolygonAnnotationResponse",
    "Segment",
    "SegmentAnnotationResponse",
    "SegmentMasks",
]


class _ImageAnnotation(TypedDict):
    annotations: list[Annotation]
    """What was drawn. Source: documented."""


class ImageAnnotationResponse(_ImageAnnotation, total=False):
    """What was drawn in an image."""

    links: list[Any]
    """Links between annotations. Source: seen."""

    global_attributes: dict[str, Any]
    """Attributes of the image as a whole. Source: seen."""

    is_customer_fix: bool
    """Whether a reviewer of yours has changed it. Source: seen."""


class _Shapes(TypedDict):
    annotations: list[ShapeAnnotation]
    """What was drawn. Source: official client."""


class AnnotationResponse(_Shapes):
    """Boxes in an image."""


class PolygonAnnotationResponse(_Shapes):
    """Polygons in an image."""


class LineAnnotationResponse(_Shapes):
    """Lines in an image."""


class CuboidAnnotationResponse(TypedDict):
    """Cuboids in an image."""

    annotations: list[CuboidAnnotation]
    """What was drawn. Test responses have no edges. Source: official client."""


class PointAnnotationResponse(TypedDict, total=False):
    """Points in an image. Test tasks complete without a response."""

    annotations: list[ShapeAnnotation]
    """What was set. Source: assumed."""


class Segment(TypedDict, total=False):
    """How a label, or an instance of it, looks in the masks."""

    index: int
    """Its value in ``indexedImage``; 0 is unlabeled. Source: documented."""

    color: str
    """Its color in ``image``, ``"#rrggbb"``; two labels may share one. Source: documented."""

    numPixels: int
    """How many pixels it has. Source: documented."""

    attributes: dict[str, Any]
    """Its attributes. Source: documented."""


class CombinedMasks(TypedDict, total=False):
    """URLs of PNG images with all labels."""

    image: str
    """RGBA; transparent is unlabeled. Source: documented."""

    indexedImage: str
    """One channel: the index; 0 is unlabeled. Source: documented."""

    extendedIndexedImage: str
    """RGB: the index in 24 bits, the lowest 8 in R. Source: documented."""


class SegmentMasks(TypedDict, total=False):
    """URLs of PNG images."""

    combined: CombinedMasks
    """All labels in one image. Source: documented."""

    labeled: dict[str, str | list[str] | None]
    """A mask by label; a list for labels with instances. Source: documented."""

    unlabeled: str
    """The mask of the rest. Source: documented."""


class SegmentAnnotationResponse(TypedDict):
    """A label for every pixel."""

    labelMapping: dict[str, Segment | list[Segment]]
    """How each label looks in the masks; a list for labels with instances.
    Source: documented."""

    annotations: SegmentMasks
    """The masks. Source: documented."""
