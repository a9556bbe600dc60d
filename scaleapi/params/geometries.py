"""What labelers are to draw: geometries and their limits."""

from __future__ import annotations

from typing import TypedDict

from .common import Labels

__all__ = [
    "Box",
    "CameraIntrinsics",
    "Cuboid",
    "Ellipse",
    "Geometries",
    "Line",
    "Point",
    "Polygon",
    "Quaternion",
]


class _Labeled(TypedDict):
    """What every geometry has."""

    objects_to_annotate: Labels
    """The labels to choose from, at least one. Source: documented."""


class Box(_Labeled, total=False):
    """Boxes, upright or rotated."""

    min_width: int
    """Least width in pixels. Default: 0. Source: documented."""

    min_height: int
    """Least height in pixels. Default: 0. Source: documented."""

    can_rotate: bool
    """Whether boxes may be rotated. Default: ``False``. Source: documented."""

    integer_pixels: bool
    """Whether coordinates are whole numbers. Default: ``False``. Source: documented."""


class Polygon(_Labeled, total=False):
    """Polygons."""

    min_vertices: int
    """Least number of vertices. Default: 1. Source: documented."""

    max_vertices: int | None
    """Greatest number of vertices. Default: ``None``, no limit. Source: documented."""


class Line(_Labeled, total=False):
    """Open lines of straight segments."""

    min_vertices: int
    """Least number of vertices. Default: 1. Source: documented."""

    max_vertices: int | None
    """Greatest number of vertices. Default: ``None``, no limit. Source: documented."""


class Point(_Labeled):
    """Points."""


class Ellipse(_Labeled):
    """Ellipses, which may be tilted."""


class CameraIntrinsics(TypedDict, total=False):
    """How the camera maps directions to pixels."""

    fx: float
    """Focal length in x, in pixels. Source: documented."""

    fy: float
    """Focal length in y, in pixels. Source: documented."""

    cx: float
    """Principal point in x, in pixels. Source: documented."""

    cy: float
    """Principal point in y, in pixels. Source: documented."""

    skew: float
    """Skew. Default: 0. Source: documented."""

    scalefactor: float
    """Factor by which the image was scaled. Default: 1. Source: documented."""


class Quaternion(TypedDict):
    """A rotation."""

    w: float
    """Real part. Source: documented."""

    x: float
    """First imaginary part. Source: documented."""

    y: float
    """Second imaginary part. Source: documented."""

    z: float
    """Third imaginary part. Source: documented."""


class Cuboid(_Labeled, total=False):
    """Cuboids as seen in an image. With data of the camera, responses have 3D points too."""

    min_width: int
    """Least width in pixels. Default: 0. Source: documented."""

    min_height: int
    """Least height in pixels. Default: 0. Source: documented."""

    camera_intrinsics: CameraIntrinsics
    """The camera's intrinsics. Source: documented."""

    camera_rotation_quaternion: Quaternion
    """The camera's rotation. Source: documented."""

    camera_height: float
    """Height of the camera above the ground. Source: documented."""


class Geometries(TypedDict, total=False):
    """What to draw. At least one is needed."""

    box: Box
    """Boxes. Source: documented."""

    polygon: Polygon
    """Polygons. Source: documented."""

    line: Line
    """Lines. Source: documented."""

    point: Point
    """Points. Source: documented."""

    cuboid: Cuboid
    """Cuboids. Source: documented."""

    ellipse: Ellipse
    """Ellipses. Source: documented."""
