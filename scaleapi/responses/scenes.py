"""Responses of video and lidar tasks: links to files, and what the files hold."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from .annotations import Annotation

__all__ = [
    "CameraAnnotations",
    "Federal2dVideoAnnotationResponse",
    "FileLink",
    "LaneAnnotationResponse",
    "LidarAnnotationResponse",
    "LidarCuboid",
    "LidarFrame",
    "LidarLinkingFrame",
    "LidarLinkingResponse",
    "LidarSegmentationResponse",
    "LidarTopdownResponse",
    "LinkedAnnotation",
    "Position",
    "SensorFusionResponse",
    "Track",
    "TrackFrame",
    "VideoAnnotationResponse",
    "VideoBoxAnnotationResponse",
    "VideoCuboidAnnotationResponse",
    "VideoFrame",
    "VideoPlaybackAnnotationResponse",
]


class FileLink(TypedDict):
    """A JSON file; ``client.download_response`` reads it."""

    url: str
    """Where the file is. Source: documented."""


class VideoFrame(TypedDict):
    """An entry of the file of a video annotation: one frame, in the order of the attachments."""

    annotations: list[Annotation]
    """What was drawn in the frame. Source: documented."""


class VideoAnnotationResponse(TypedDict):
    """What was drawn in the frames of a video."""

    annotations: FileLink
    """Link to a list of one :class:`VideoFrame` per frame. Source: documented."""


class VideoBoxAnnotationResponse(TypedDict):
    """Boxes in the frames of a video."""

    annotations: FileLink
    """Link to a list of one :class:`VideoFrame` per frame. Source: assumed."""


class VideoCuboidAnnotationResponse(TypedDict):
    """Cuboids in the frames of a video."""

    annotations: FileLink
    """Link to a list of one :class:`VideoFrame` per frame. Source: assumed."""


class TrackFrame(TypedDict, total=False):
    """Where a shape is at one moment; between two of these, interpolate."""

    key: int
    """Number of the frame in the video. Source: documented."""

    timestamp: float
    """The moment. Source: documented."""

    attributes: dict[str, Any]
    """Its attributes at that moment. Source: documented."""

    left: float
    """Boxes: distance from the left, in pixels. Source: documented."""

    top: float
    """Boxes: distance from the top, in pixels. Source: documented."""

    width: float
    """Boxes: width in pixels. Source: documented."""

    height: float
    """Boxes: height in pixels. Source: documented."""

    vertices: list[dict[str, Any]]
    """Other geometries: the vertices. Source: documented."""

    x: float
    """Points: distance from the left, in pixels. Source: assumed."""

    y: float
    """Points: distance from the top, in pixels. Source: assumed."""


class Track(TypedDict):
    """A value of the file of a playback annotation, which is an object by uuid."""

    label: str
    """The label. Source: documented."""

    geometry: Literal["box", "polygon", "line", "point", "cuboid", "ellipse"]
    """The geometry. Source: documented."""

    frames: list[TrackFrame]
    """Where it is at which moment. Source: documented."""


class _VideoPlayback(TypedDict):
    annotations: FileLink
    """Link to an object of one :class:`Track` per uuid. Source: documented."""


class VideoPlaybackAnnotationResponse(_VideoPlayback, total=False):
    """What was drawn in a video file."""

    events: FileLink
    """Link to the events that were found. Source: documented."""


class Position(TypedDict):
    """Meters: x to the east, y to the north, z up."""

    x: float
    """East, or extent in x. Source: documented."""

    y: float
    """North, or extent in y. Source: documented."""

    z: float
    """Up, or extent in z. Source: documented."""


class _LidarCuboid(TypedDict):
    uuid: str
    """Its id, the same in all frames. Source: documented."""

    label: str
    """The label. Source: documented."""

    position: Position
    """Its center. Source: documented."""

    dimensions: Position
    """Its extents. Source: documented."""

    yaw: float
    """Rotation about z in radians, counterclockwise; 0 is along y. Source: documented."""


class LidarCuboid(_LidarCuboid, total=False):
    """A cuboid in a point cloud."""

    stationary: bool
    """Whether it stands still in all frames. Source: documented."""

    attributes: dict[str, Any]
    """Its attributes. Source: documented."""

    camera_used: int
    """The camera that was looked at. Source: documented."""

    distance_to_device: float
    """Distance to the device. Source: documented."""

    numberOfPoints: int
    """How many points are in it. Source: documented."""


class LidarFrame(TypedDict):
    """An entry of the file of a lidar annotation: one frame."""

    cuboids: list[LidarCuboid]
    """The cuboids of the frame. Source: documented."""


class LidarAnnotationResponse(TypedDict):
    """Cuboids in the point clouds of a scene."""

    annotations: FileLink
    """Link to a list of one :class:`LidarFrame` per frame. Source: documented."""


class _LidarSegmentation(TypedDict):
    point_segmentations: FileLink
    """Link to the labels of the points, by frame. Source: documented."""


class LidarSegmentationResponse(_LidarSegmentation, total=False):
    """A label for every point of a scene."""

    annotations: FileLink
    """Link to a list of one :class:`LidarFrame` per frame. Source: documented."""


class _Linked(TypedDict):
    cuboid_uuid: str
    """The cuboid of the point cloud. Source: documented."""


class LinkedAnnotation(_Linked, total=False):
    """A shape in an image that shows a cuboid."""

    not_in_lidar: bool
    """Whether the point cloud does not have it. Source: documented."""

    type: str
    """The geometry; its fields are those of an image annotation. Source: documented."""


class CameraAnnotations(TypedDict):
    """What one camera shows."""

    camera_used: int
    """Number of the camera. Source: documented."""

    annotations: list[LinkedAnnotation]
    """The shapes in its image. Source: documented."""


class LidarLinkingFrame(TypedDict):
    """An entry of the file of a lidar linking: one frame."""

    camera_responses: list[CameraAnnotations]
    """What each camera shows. Source: documented."""


class LidarLinkingResponse(TypedDict):
    """Which shapes in images show which cuboids."""

    annotations: FileLink
    """Link to a list of one :class:`LidarLinkingFrame` per frame. Source: documented."""


class _Unpublished(TypedDict, total=False):
    annotations: Any
    """The annotations; their form is not published. Source: assumed."""


class LidarTopdownResponse(_Unpublished, total=False):
    """A scene seen from above. Its form is not published."""


class LaneAnnotationResponse(_Unpublished, total=False):
    """The lanes of a road. Its form is not published."""


class SensorFusionResponse(_Unpublished, total=False):
    """What several sensors recorded. Its form is not published."""


class Federal2dVideoAnnotationResponse(_Unpublished, total=False):
    """Annotations of a video. Its form is not published."""
