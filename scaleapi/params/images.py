"""Parameters of image tasks."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from ..responses.annotations import Annotation
from .attributes import Attribute
from .common import CommonParams, ContextAttachment, Labels
from .geometries import Geometries

__all__ = [
    "AnnotationParams",
    "CuboidAnnotationParams",
    "Hypothesis",
    "ImageAnnotationParams",
    "LineAnnotationParams",
    "PartialAnnotationParams",
    "PartialCuboidAnnotationParams",
    "PartialImageAnnotationParams",
    "PartialLineAnnotationParams",
    "PartialPointAnnotationParams",
    "PartialPolygonAnnotationParams",
    "PartialSegmentAnnotationParams",
    "PointAnnotationParams",
    "PolygonAnnotationParams",
    "SegmentAnnotationParams",
    "VisualParams",
]


class Hypothesis(TypedDict):
    """Annotations that labelers begin with."""

    annotations: list[Annotation]
    """The annotations, in the form of a response. Source: documented."""


class VisualParams(CommonParams, total=False):
    """What annotation tasks of images and videos have in common."""

    annotation_attributes: dict[str, Attribute]
    """Attributes of each annotation, by name. Source: documented."""

    links: dict[str, Any]
    """Links between annotations that labelers are to make. Source: documented."""

    padding: int
    """Pixels around the image in which annotations may lie. Default: 0. Source: documented."""

    paddingX: int  # noqa: N815 - the name on the wire
    """Pixels to the left and right; overrides ``padding``. Source: documented."""

    paddingY: int  # noqa: N815 - the name on the wire
    """Pixels above and below; overrides ``padding``. Source: documented."""

    hypothesis: Hypothesis
    """Annotations of a model, which labelers correct. Source: documented."""

    base_annotations: Hypothesis
    """Annotations to begin with, which can be locked. Source: documented."""

    can_add_base_annotations: bool
    """Whether labelers may add annotations to ``base_annotations``. Source: documented."""

    can_edit_base_annotations: bool
    """Whether labelers may change ``base_annotations``. Source: documented."""

    can_edit_base_annotation_labels: bool
    """Whether labelers may change labels of ``base_annotations``. Source: documented."""

    can_delete_base_annotations: bool
    """Whether labelers may delete ``base_annotations``. Source: documented."""


class _ImageAnnotation(VisualParams, total=False):
    attachment_type: Literal["image"]
    """What the attachment is. Default: ``"image"``. Source: documented."""

    context_attachments: list[ContextAttachment]
    """Images that labelers see beside the one to label. Source: documented."""


class ImageAnnotationParams(_ImageAnnotation):
    """Draw boxes, polygons, lines, points, cuboids and ellipses in an image."""

    attachment: str
    """URL of the image. Source: documented."""

    geometries: Geometries
    """What to draw. Source: documented."""


class PartialImageAnnotationParams(_ImageAnnotation, total=False):
    """The same parameters, none of them required."""

    attachment: str
    geometries: Geometries


class _OneGeometry(CommonParams, total=False):
    with_labels: bool
    """Whether labels are shown in the image. Source: official client."""

    attachment_type: Literal["image"]
    """What the attachment is. Default: ``"image"``. Source: documented (2016)."""

    layers: dict[str, Any]
    """Shapes that labelers see in the image. Source: seen."""


class _Examples(_OneGeometry, total=False):
    examples: list[dict[str, Any]]
    """Images with right and wrong annotations. Default: ``[]``. Source: documented (2016)."""


class _Annotation(_Examples, total=False):
    min_width: int
    """Least width in pixels. Default: 0. Source: documented (2016)."""

    min_height: int
    """Least height in pixels. Default: 0. Source: documented (2016)."""


class AnnotationParams(_Annotation):
    """Draw boxes in an image. Legacy: new projects use ``imageannotation``."""

    attachment: str
    """URL of the image. Source: documented (2016)."""

    objects_to_annotate: Labels
    """The labels to choose from, at least one. Source: documented (2016)."""


class PartialAnnotationParams(_Annotation, total=False):
    """The same parameters, none of them required."""

    attachment: str
    objects_to_annotate: Labels


class PolygonAnnotationParams(_Examples):
    """Draw polygons in an image. Legacy: new projects use ``imageannotation``."""

    attachment: str
    """URL of the image. Source: official client."""

    objects_to_annotate: Labels
    """The labels to choose from, at least one. Source: official client."""


class PartialPolygonAnnotationParams(_Examples, total=False):
    """The same parameters, none of them required."""

    attachment: str
    objects_to_annotate: Labels


class _LineAnnotation(_Examples, total=False):
    splines: bool
    """Whether lines are curves. Default: ``False``. Source: official client."""


class LineAnnotationParams(_LineAnnotation):
    """Draw lines in an image. Legacy: new projects use ``imageannotation``."""

    attachment: str
    """URL of the image. Source: official client."""

    objects_to_annotate: Labels
    """The labels to choose from, at least one. Source: official client."""


class PartialLineAnnotationParams(_LineAnnotation, total=False):
    """The same parameters, none of them required."""

    attachment: str
    objects_to_annotate: Labels


class PointAnnotationParams(_Examples):
    """Set points in an image. Legacy: new projects use ``imageannotation``."""

    attachment: str
    """URL of the image. Source: official client."""

    objects_to_annotate: Labels
    """The labels to choose from, at least one. Source: official client."""


class PartialPointAnnotationParams(_Examples, total=False):
    """The same parameters, none of them required."""

    attachment: str
    objects_to_annotate: Labels


class _CuboidAnnotation(_OneGeometry, total=False):
    min_annotations: int
    """Least number of cuboids. Default: 0. Source: official client."""

    max_annotations: int
    """Greatest number of cuboids; 0 for no limit. Default: 0. Source: official client."""


class CuboidAnnotationParams(_CuboidAnnotation):
    """Draw cuboids in an image. Legacy: new projects use ``imageannotation``."""

    attachment: str
    """URL of the image. Source: official client."""

    objects_to_annotate: Labels
    """The labels to choose from, at least one. Source: official client."""


class PartialCuboidAnnotationParams(_CuboidAnnotation, total=False):
    """The same parameters, none of them required."""

    attachment: str
    objects_to_annotate: Labels


class _SegmentAnnotation(CommonParams, total=False):
    attachment_type: Literal["image"]
    """What the attachment is. Default: ``"image"``. Source: documented."""

    allow_unlabeled: bool
    """Whether pixels may stay without a label. Default: ``False``. Source: documented."""

    allow_parent_labels: bool
    """Whether labels with ``subchoices`` may be used themselves. Default: ``False``.
    Source: official client."""

    instance_labels: list[str]
    """Legacy form of the labels' ``instance_label``. Source: official client."""


class SegmentAnnotationParams(_SegmentAnnotation):
    """Give every pixel of an image a label."""

    attachment: str
    """URL of the image. Source: documented."""

    labels: Labels
    """The labels, 1 to 50. Source: documented."""


class PartialSegmentAnnotationParams(_SegmentAnnotation, total=False):
    """The same parameters, none of them required."""

    attachment: str
    labels: Labels
