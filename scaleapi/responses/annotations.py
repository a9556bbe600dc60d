"""Annotations in images and in the frames of videos."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

__all__ = [
    "Annotation",
    "BoxAnnotation",
    "CuboidAnnotation",
    "CuboidEdge",
    "CuboidVertex",
    "EllipseAnnotation",
    "LineAnnotation",
    "PointAnnotation",
    "PolygonAnnotation",
    "ShapeAnnotation",
    "Vertex",
]


class Vertex(TypedDict):
    """A point in pixels of the original image, from its top left corner."""

    x: float
    """To the right. Source: documented."""

    y: float
    """Down. Source: documented."""


class _Labeled(TypedDict):
    label: str
    """The label. Source: documented."""


class _Annotation(_Labeled, total=False):
    uuid: str
    """Its id, the same in all frames of a video. Source: documented."""

    attributes: dict[str, Any]
    """The attributes: a string, a number, a list if several choices were allowed, or the id of the
    annotation that it is linked to. Source: documented."""


class _Box(_Annotation):
    left: float
    """Distance from the left side of the image, in pixels. Source: documented."""

    top: float
    """Distance from the top of the image, in pixels. Source: documented."""

    width: float
    """Width in pixels. Source: documented."""

    height: float
    """Height in pixels. Source: documented."""


class BoxAnnotation(_Box, total=False):
    """A box. If ``rotation`` is there, draw ``vertices``; the rest is the box before rotation."""

    type: Literal["box"]
    """The geometry. Source: documented."""

    rotation: float
    """Rotation in radians, clockwise. Source: documented."""

    vertices: list[Vertex]
    """The corners of a rotated box. Source: documented."""


class _Path(_Annotation):
    vertices: list[Vertex]
    """The vertices in the order of drawing. Source: documented."""


class PolygonAnnotation(_Path, total=False):
    """A polygon; the last vertex is joined to the first."""

    type: Literal["polygon"]
    """The geometry. Source: documented."""


class LineAnnotation(_Path, total=False):
    """An open line."""

    type: Literal["line"]
    """The geometry. Source: documented."""


class EllipseAnnotation(_Path, total=False):
    """An ellipse: the four ends of its axes, in the order around it."""

    type: Literal["ellipse"]
    """The geometry. Source: documented."""


class _Point(_Annotation):
    x: float
    """Distance from the left side of the image, in pixels. Source: documented."""

    y: float
    """Distance from the top of the image, in pixels. Source: documented."""


class PointAnnotation(_Point, total=False):
    """A point."""

    type: Literal["point"]
    """The geometry. Source: assumed."""


class CuboidVertex(Vertex):
    """One of the six visible corners of a cuboid."""

    type: Literal["vertex"]
    """Always ``"vertex"``. Source: documented."""

    description: str
    """Which corner, such as ``"face-topleft"``. Source: documented."""


class CuboidEdge(TypedDict):
    """One of the visible edges of a cuboid."""

    x1: float
    """Start, to the right. Source: documented."""

    y1: float
    """Start, down. Source: documented."""

    x2: float
    """End, to the right. Source: documented."""

    y2: float
    """End, down. Source: documented."""

    type: Literal["edge"]
    """Always ``"edge"``. Source: documented."""

    description: str
    """Which edge, such as ``"face-top"``. Source: documented."""


class _Cuboid(_Annotation):
    vertices: list[CuboidVertex]
    """The six visible corners. Source: documented."""


class CuboidAnnotation(_Cuboid, total=False):
    """A cuboid as seen in the image."""

    type: Literal["cuboid"]
    """The geometry. Source: documented."""

    edges: list[CuboidEdge]
    """The visible edges; test responses may lack them. Source: documented."""


#: Any annotation of an image; ``annotation.get("type")`` says which.
Annotation = (
    BoxAnnotation
    | PolygonAnnotation
    | LineAnnotation
    | PointAnnotation
    | EllipseAnnotation
    | CuboidAnnotation
)


class ShapeAnnotation(_Annotation, total=False):
    """What the oldest types return: the task type, not the annotation, says the geometry."""

    left: float
    """Boxes: distance from the left side of the image, in pixels. Source: documented (2016)."""

    top: float
    """Boxes: distance from the top of the image, in pixels. Source: documented (2016)."""

    width: float
    """Boxes: width in pixels. Source: documented (2016)."""

    height: float
    """Boxes: height in pixels. Source: documented (2016)."""

    x: float
    """Points: distance from the left side of the image, in pixels. Source: assumed."""

    y: float
    """Points: distance from the top of the image, in pixels. Source: assumed."""

    vertices: list[Vertex]
    """Polygons and lines: the vertices. Source: official client."""
