"""Parameters of video tasks."""

from __future__ import annotations

from typing import Literal

from .common import CommonParams, Labels
from .geometries import Geometries
from .images import VisualParams

__all__ = [
    "Federal2dVideoAnnotationParams",
    "PartialFederal2dVideoAnnotationParams",
    "PartialVideoAnnotationParams",
    "PartialVideoBoxAnnotationParams",
    "PartialVideoCuboidAnnotationParams",
    "PartialVideoPlaybackAnnotationParams",
    "VideoAnnotationParams",
    "VideoBoxAnnotationParams",
    "VideoCuboidAnnotationParams",
    "VideoPlaybackAnnotationParams",
]


class _Video(VisualParams, total=False):
    attachment: str
    """URL of the video. Either this or ``attachments`` is required. Source: documented."""

    attachments: list[str]
    """URLs of the frames, in order. Either this or ``attachment`` is required.
    Source: documented."""

    attachment_type: Literal["image", "video"]
    """What the attachments are. Source: documented."""

    events_to_annotate: Labels
    """Events to find in the video. Source: documented."""


class VideoAnnotationParams(_Video):
    """Draw in the frames of a video; a shape keeps its id from frame to frame."""

    geometries: Geometries
    """What to draw. Source: documented."""


class PartialVideoAnnotationParams(_Video, total=False):
    """The same parameters, none of them required."""

    geometries: Geometries


class VideoBoxAnnotationParams(_Video):
    """Draw boxes in the frames of a video. Legacy: new projects use ``videoannotation``."""

    geometries: Geometries
    """What to draw. Source: assumed."""


class PartialVideoBoxAnnotationParams(_Video, total=False):
    """The same parameters, none of them required."""

    geometries: Geometries


class VideoCuboidAnnotationParams(_Video):
    """Draw cuboids in the frames of a video. Legacy: new projects use ``videoannotation``."""

    geometries: Geometries
    """What to draw. Source: assumed."""


class PartialVideoCuboidAnnotationParams(_Video, total=False):
    """The same parameters, none of them required."""

    geometries: Geometries


class _VideoPlayback(_Video, total=False):
    frame_rate: float
    """Frames per second that labelers see. Default: 1. Source: documented."""

    annotation_frame_rate: float
    """Version 2: frames per second that are labeled. Source: documented."""

    video_frame_rate: float
    """Version 2: frames per second of the video. Source: documented."""


class VideoPlaybackAnnotationParams(_VideoPlayback):
    """Draw in a video file that labelers play (mp4, webm, ogg)."""

    geometries: Geometries
    """What to draw. Source: documented."""


class PartialVideoPlaybackAnnotationParams(_VideoPlayback, total=False):
    """The same parameters, none of them required."""

    geometries: Geometries


class Federal2dVideoAnnotationParams(CommonParams, total=False):
    """Label videos for federal customers. Its parameters are not published."""

    attachment: str
    """URL of the video. Source: assumed."""

    attachments: list[str]
    """URLs of the frames, in order. Source: assumed."""


PartialFederal2dVideoAnnotationParams = Federal2dVideoAnnotationParams
