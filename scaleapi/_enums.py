"""Enums of the API that more than one kind of object uses, and what they stand on."""

from __future__ import annotations

from enum import Enum

__all__ = ["StringEnum", "TaskReviewStatus", "TaskStatus", "TaskType"]


class StringEnum(str, Enum):
    """Known values of a string of the API.

    A member equals its string, so ``task.status == TaskStatus.Completed`` holds for what the
    service sends. The service may send values that are not listed here: they stay strings.
    """

    # Formats as str() does on every Python; 3.12 changed what a mixed-in string does.
    __str__ = Enum.__str__

    def __format__(self, format_spec: str) -> str:
        return format(str(self), format_spec)


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
