"""Enums of the API that more than one kind of object uses, and their base class."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING

from .exceptions import ScaleArgumentError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["StringEnum", "TaskReviewStatus", "TaskStatus", "TaskType"]


class StringEnum(str, Enum):
    """Known values of a string of the API.

    A member equals its string and prints as it, so ``task.status == TaskStatus.Completed`` holds
    for what the service sends. The service may send values that are not listed here: they stay
    strings.
    """

    # Neither is the value on every version of Python.
    __str__ = str.__str__

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self, format_spec)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the member whose value a JSON string is.

        Args:
            text: The JSON, such as ``'"completed"'``.

        Raises:
            ScaleArgumentError: It is not JSON, or not the value of a member.

        Example:
            >>> TaskStatus.from_json('"completed"')
            <TaskStatus.Completed: 'completed'>
        """
        try:
            return cls(json.loads(text))
        except (TypeError, ValueError, RecursionError) as error:
            raise ScaleArgumentError("text", f"must be a {cls.__name__} as JSON: {error}") from None


class TaskType(StringEnum):
    """Known task types; a string works wherever one is taken, so new ones need no release."""

    Annotation = "annotation"
    Categorization = "categorization"
    Chat = "chat"
    ChatExperimental = "chatexperimental"
    ChatLite = "chatlite"
    Comparison = "comparison"
    CuboidAnnotation = "cuboidannotation"
    DataCollection = "datacollection"
    DocumentModel = "documentmodel"
    DocumentTranscription = "documenttranscription"
    Federal2dVideoAnnotation = "federal2dvideoannotation"
    ImageAnnotation = "imageannotation"
    LaneAnnotation = "laneannotation"
    LidarAnnotation = "lidarannotation"
    LidarLinking = "lidarlinking"
    LidarSegmentation = "lidarsegmentation"
    LidarTopdown = "lidartopdown"
    LineAnnotation = "lineannotation"
    MultiChat = "multichat"
    MultiStage = "multistage"
    NamedEntityRecognition = "namedentityrecognition"
    PointAnnotation = "pointannotation"
    PolygonAnnotation = "polygonannotation"
    SegmentAnnotation = "segmentannotation"
    SensorFusion = "sensorfusion"
    TextCollection = "textcollection"
    Transcription = "transcription"
    VideoAnnotation = "videoannotation"
    VideoBoxAnnotation = "videoboxannotation"
    VideoCuboidAnnotation = "videocuboidannotation"
    VideoPlaybackAnnotation = "videoplaybackannotation"


class TaskStatus(StringEnum):
    """Known states of a task."""

    Pending = "pending"
    Completed = "completed"
    Canceled = "canceled"
    Error = "error"


class TaskReviewStatus(StringEnum):
    """Known results of a customer's review."""

    Accepted = "accepted"
    Fixed = "fixed"
    Commented = "commented"
    Rejected = "rejected"
    Pending = "pending"
