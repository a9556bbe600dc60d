"""Parameters of lidar and other sensor tasks."""

from __future__ import annotations

from typing import Literal

from .attributes import Attribute
from .common import CommonParams, Labels

__all__ = [
    "LaneAnnotationParams",
    "LidarAnnotationParams",
    "LidarLinkingParams",
    "LidarSegmentationParams",
    "LidarTopdownParams",
    "PartialLaneAnnotationParams",
    "PartialLidarAnnotationParams",
    "PartialLidarLinkingParams",
    "PartialLidarSegmentationParams",
    "PartialLidarTopdownParams",
    "PartialSensorFusionParams",
    "SensorFusionParams",
]


class _Lidar(CommonParams, total=False):
    attachment_type: Literal["json"]
    """What the attachments are. Default: ``"json"``. Source: documented."""

    annotation_attributes: dict[str, Attribute]
    """Attributes of each cuboid, by name. Source: documented."""

    pitch_and_roll_enabled: bool
    """Whether cuboids may be rotated about all axes. Source: documented."""


class LidarAnnotationParams(_Lidar):
    """Draw cuboids in the point clouds of a scene."""

    attachments: list[str]
    """URLs of the frames, in order, each a JSON file with points and images.
    Source: documented."""

    labels: Labels
    """The labels to choose from, at least one. Source: documented."""


class PartialLidarAnnotationParams(_Lidar, total=False):
    """The same parameters, none of them required."""

    attachments: list[str]
    labels: Labels


class _LidarSegmentation(_Lidar, total=False):
    attachments: list[str]
    """URLs of the frames, in order. Either this or ``lidar_task`` is required.
    Source: documented."""

    lidar_task: str
    """Id of a completed ``lidarannotation`` task whose frames and cuboids to take. Either this or
    ``attachments`` is required. Source: documented."""

    lidar_task_frames: list[int]
    """Numbers of the frames of ``lidar_task``, from 0. Default: all. Source: documented."""


class LidarSegmentationParams(_LidarSegmentation):
    """Give every point of a scene a label."""

    labels: Labels
    """The labels to choose from, at least one. Source: documented."""


class PartialLidarSegmentationParams(_LidarSegmentation, total=False):
    """The same parameters, none of them required."""

    labels: Labels


class _Unpublished(CommonParams, total=False):
    attachment: str
    """URL of the scene. Source: assumed."""

    attachments: list[str]
    """URLs of the frames, in order. Source: assumed."""

    labels: Labels
    """The labels to choose from. Source: assumed."""


class LidarLinkingParams(_Unpublished, total=False):
    """Link cuboids of a point cloud to shapes in images. Its parameters are not published."""


class LidarTopdownParams(_Unpublished, total=False):
    """Label a scene seen from above. Its parameters are not published."""


class LaneAnnotationParams(_Unpublished, total=False):
    """Label the lanes of a road. Its parameters are not published."""


class SensorFusionParams(_Unpublished, total=False):
    """Label what several sensors recorded. Its parameters are not published."""


PartialLidarLinkingParams = LidarLinkingParams
PartialLidarTopdownParams = LidarTopdownParams
PartialLaneAnnotationParams = LaneAnnotationParams
PartialSensorFusionParams = SensorFusionParams
