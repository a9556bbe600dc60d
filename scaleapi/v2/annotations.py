"""Annotations: judgments of a thread, a turn, a message or a part of it.

Each kind declares the type of its ``value``: mypy would take that of the base class instead.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any, ClassVar

from .._arguments import text_of
from .._enums import StringEnum
from .._http.response import JSONObject
from .._model.fields import Field, optional
from .._model.kinds import (
    ANYTHING,
    FLAG,
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    IdOr,
    Kind,
    Later,
    ListOf,
    Nested,
    list_of,
)
from .._model.objects import Model
from ._operations import Operations, with_http_info, without_preload_content
from .files import BasicFile, DetailedFile
from .workspaces import WorkspaceContainerValue

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._requests import Terms

__all__ = [
    "Annotation",
    "AnnotationBoolean",
    "AnnotationCategory",
    "AnnotationCategoryMultiple",
    "AnnotationFile",
    "AnnotationInteger",
    "AnnotationLabeledText",
    "AnnotationMetadata",
    "AnnotationOperations",
    "AnnotationRankedChoices",
    "AnnotationRankedGroups",
    "AnnotationRubricCriteria",
    "AnnotationRubricRating",
    "AnnotationText",
    "AnnotationType",
    "AnnotationWorkspaceContainer",
    "LabeledTextValue",
    "RubricCriteriaValue",
    "RubricRatingValue",
]


class AnnotationType(StringEnum):
    """Known types of annotations."""

    INTEGER = "integer"
    BOOLEAN = "boolean"
    TEXT = "text"
    CATEGORY = "category"
    CATEGORY_MULTIPLE = "category_multiple"
    FILE = "file"
    WORKSPACE_CONTAINER = "workspace_container"
    RANKED_CHOICES = "ranked_choices"
    RANKED_GROUPS = "ranked_groups"
    RUBRIC_CRITERIA = "rubric_criteria"
    RUBRIC_RATING = "rubric_rating"
    LABELED_TEXT = "labeled_text"


class AnnotationMetadata(Model):
    """Metadata of an annotation."""

    criteria = optional(
        Later(lambda: IdOr(Annotation)),
        "The criterion that is rated, by id, or the annotation itself.",
    )


class Annotation(Model):
    """An annotation; one of a known type is of the subclass for it.

    A listing without ``opts=["annotation_details"]`` may send as little as ``key`` and ``value``.
    """

    _variants: ClassVar[dict[object, builtins.type[Annotation]]] = {}

    id = optional(TEXT, "The annotation's id.")
    key = optional(TEXT, "The project's name for what is judged.")
    type = optional(TEXT, "The type; see :class:`AnnotationType` for known values.")
    title = optional(TEXT, "A title for what is judged.")
    description = optional(TEXT, "A description.")
    labels = optional(TEXTS, "Labels of the possible values.")
    not_applicable = optional(FLAG, "Whether the question did not apply.")
    cannot_assess = optional(FLAG, "Whether the annotator could not tell.")
    metadata = optional(Nested(AnnotationMetadata), "Metadata.")
    justification = optional(TEXT, "The reason.")
    value: Field[Any] = optional(ANYTHING, "The value.")

    def __init_subclass__(cls, of_type: AnnotationType | None = None) -> None:
        super().__init_subclass__()
        if of_type is not None:
            cls._variants[of_type.value] = cls

    @classmethod
    def _variant(cls, json: JSONObject) -> builtins.type[Annotation]:
        kind = json.get("type")
        known = cls is Annotation and isinstance(kind, str)
        return cls._variants.get(kind, cls) if known else cls


class AnnotationBoolean(Annotation, of_type=AnnotationType.BOOLEAN):
    """A boolean annotation."""

    value: Field[bool | None] = optional(FLAG, "The value.")
    possible_values = optional(ListOf(FLAG), "The values that could be chosen.")


class AnnotationInteger(Annotation, of_type=AnnotationType.INTEGER):
    """An integer annotation, such as a rating."""

    value: Field[int | None] = optional(WHOLE, "The value.")
    possible_values = optional(ListOf(WHOLE), "The values that could be chosen.")


class AnnotationText(Annotation, of_type=AnnotationType.TEXT):
    """A text annotation."""

    value: Field[str | None] = optional(TEXT, "The value.")


class AnnotationCategory(Annotation, of_type=AnnotationType.CATEGORY):
    """An annotation with one of several values."""

    value: Field[str | None] = optional(TEXT, "The chosen value.")
    possible_values = optional(TEXTS, "The values that could be chosen.")


class AnnotationCategoryMultiple(Annotation, of_type=AnnotationType.CATEGORY_MULTIPLE):
    """An annotation with any number of several values."""

    value: Field[list[str] | None] = optional(TEXTS, "The chosen value.")
    possible_values = optional(TEXTS, "The values that could be chosen.")


class _FileOrFiles(Kind[DetailedFile | list[BasicFile]]):
    """One file or a list of files."""

    decoded = frozenset({dict, list})
    mutable = True

    _one = Nested(DetailedFile)
    _several = ListOf(Nested(BasicFile))

    def read(self, value: Any) -> DetailedFile | list[BasicFile]:
        return self._several.read(value) if isinstance(value, list) else self._one.read(value)

    def write(self, argument: str, value: Any) -> Any:
        kind = self._several if isinstance(value, (list, tuple)) else self._one
        return kind.write(argument, value)


class AnnotationFile(Annotation, of_type=AnnotationType.FILE):
    """An annotation that is a file, or several files."""

    value: Field[DetailedFile | list[BasicFile] | None] = optional(
        _FileOrFiles(), "The file, or a list of files."
    )


class LabeledTextValue(Model):
    """A labeled text."""

    label = optional(TEXT, "The label.")
    text = optional(TEXT, "The text.")


class AnnotationLabeledText(Annotation, of_type=AnnotationType.LABELED_TEXT):
    """An annotation that is a list of labeled texts."""

    value: Field[list[LabeledTextValue] | None] = optional(list_of(LabeledTextValue), "The texts.")


class AnnotationRankedChoices(Annotation, of_type=AnnotationType.RANKED_CHOICES):
    """Choices in order of preference."""

    value: Field[list[str] | None] = optional(TEXTS, "The choices, most preferred first.")


class AnnotationRankedGroups(Annotation, of_type=AnnotationType.RANKED_GROUPS):
    """Groups of choices in order of preference."""

    value: Field[list[list[str]] | None] = optional(
        ListOf(TEXTS), "Groups of equally good choices, most preferred first."
    )


class RubricCriteriaValue(Model):
    """A criterion; further keys are in ``additional_properties``."""

    weight = optional(NUMBER, "The weight.")


class RubricRatingValue(Model):
    """A rating of a criterion; further keys are in ``additional_properties``."""

    score = optional(NUMBER, "The score.")
    color = optional(TEXT, "The color of the score in the dashboard.")
    justification = optional(TEXT, "The reason.")


class AnnotationRubricCriteria(Annotation, of_type=AnnotationType.RUBRIC_CRITERIA):
    """An annotation that is a criterion of a rubric."""

    value: Field[RubricCriteriaValue | None] = optional(
        Nested(RubricCriteriaValue), "The criterion."
    )


class AnnotationRubricRating(Annotation, of_type=AnnotationType.RUBRIC_RATING):
    """A rating of a criterion, which ``metadata.criteria`` names."""

    value: Field[RubricRatingValue | None] = optional(Nested(RubricRatingValue), "The rating.")


class AnnotationWorkspaceContainer(Annotation, of_type=AnnotationType.WORKSPACE_CONTAINER):
    """Work done in a workspace."""

    value: Field[WorkspaceContainerValue | None] = optional(
        Nested(WorkspaceContainerValue), "The workspace."
    )


class AnnotationOperations(Operations):
    """Calls for annotations."""

    def get_annotation(
        self,
        annotation_id: str,
        **terms: Unpack[Terms],
    ) -> Annotation:
        """Return an annotation with all its details.

        Args:
            annotation_id: Its id.

        Raises:
            ScaleResourceNotFound: If there is no such annotation.

        Example:
            >>> client.v2.get_annotation("an_1").title
            'How helpful is the response?'
        """
        return self._get(
            "annotation",
            Annotation,
            {
                "annotation_id": (text_of, annotation_id),
            },
            terms,
            one_of=("annotation_id",),
        )

    get_annotation_with_http_info = with_http_info(get_annotation)
    get_annotation_without_preload_content = without_preload_content(get_annotation)
