"""The enums that several resources share, and their base class."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING

from .exceptions import ScaleArgumentError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["StringEnum", "TaskReviewStatus", "TaskStatus", "TaskType"]


class StringEnum(str, Enum):
    """Known values of a string in the API.

    A member equals its string and prints as it, so ``task.status == TaskStatus.Completed`` works
    with the strings of a response. Values that are not listed here stay plain strings.
    """

    # By default, whether these return the value depends on the Python version.
    __str__ = str.__str__

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self, format_spec)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the member for a JSON string.

        Args:
            text: The JSON, such as ``'"completed"'``.

        Raises:
            ScaleArgumentError: If the text is not JSON, or not the value of a member.

        Example:
            >>> TaskStatus.from_json('"completed"')
            <TaskStatus.Completed: 'completed'>
        """
        try:
            return cls(json.loads(text))
        except (TypeError, ValueError, RecursionError) as error:
            raise ScaleArgumentError("text", f"must be a {cls.__name__} as JSON: {error}") from None


class TaskType(StringEnum):
    """Known task types. Every argument that takes one also takes a string."""

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
    """Known statuses of a task."""

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
