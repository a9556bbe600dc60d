"""Annotations: what people said about a thread, a turn, a message or a part of it.

Each kind declares the type of its ``value``: mypy would take that of the base class instead.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any, ClassVar

from .._arguments import text_of
from .._enums import StringEnum
from .._fields import Field, optional
from .._http.response import JSONObject
from .._kinds import (
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
from .._model import Model
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
    """What belongs to an annotation."""

    criteria = optional(
        Later(lambda: IdOr(Annotation)), "The criterion that a rating is for, by id, or itself."
    )


class Annotation(Model):
    """An annotation; one of a known type is of the subclass for it.

    A listing without ``opts=["annotation_details"]`` may send as little as ``key`` and ``value``.
    """

    _variants: ClassVar[dict[object, builtins.type[Annotation]]] = {}

    id = optional(TEXT, "The annotation's id.")
    key = optional(TEXT, "What it is about, a name of the project's.")
    type = optional(TEXT, "The type; see AnnotationType for those known.")
    title = optional(TEXT, "What it is about, for people.")
    description = optional(TEXT, "More about it.")
    labels = optional(TEXTS, "How the possible values are called.")
    not_applicable = optional(FLAG, "Whether it did not apply.")
    cannot_assess = optional(FLAG, "Whether nobody could tell.")
    metadata = optional(Nested(AnnotationMetadata), "What belongs to it.")
    justification = optional(TEXT, "Why it is so.")
    value: Field[Any] = optional(ANYTHING, "What was said.")

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
    """Yes or no."""

    value: Field[bool | None] = optional(FLAG, "What was said.")
    possible_values = optional(ListOf(FLAG), "What could be said.")


class AnnotationInteger(Annotation, of_type=AnnotationType.INTEGER):
    """A whole number, such as a rating."""

    value: Field[int | None] = optional(WHOLE, "What was said.")
    possible_values = optional(ListOf(WHOLE), "What could be said.")


class AnnotationText(Annotation, of_type=AnnotationType.TEXT):
    """A text."""

    value: Field[str | None] = optional(TEXT, "What was said.")


class AnnotationCategory(Annotation, of_type=AnnotationType.CATEGORY):
    """One of several values."""

    value: Field[str | None] = optional(TEXT, "What was chosen.")
    possible_values = optional(TEXTS, "What could be said.")


class AnnotationCategoryMultiple(Annotation, of_type=AnnotationType.CATEGORY_MULTIPLE):
    """Any number of several values."""

    value: Field[list[str] | None] = optional(TEXTS, "What was chosen.")
    possible_values = optional(TEXTS, "What could be said.")


class _FileOrFiles(Kind[DetailedFile | list[BasicFile]]):
    """One file, or several: told apart by what the JSON is."""

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
    """A file, or several."""

    value: Field[DetailedFile | list[BasicFile] | None] = optional(
        _FileOrFiles(), "The file, or a list of files."
    )


class LabeledTextValue(Model):
    """A text with a label."""

    label = optional(TEXT, "The label.")
    text = optional(TEXT, "The text.")


class AnnotationLabeledText(Annotation, of_type=AnnotationType.LABELED_TEXT):
    """Texts with labels."""

    value: Field[list[LabeledTextValue] | None] = optional(list_of(LabeledTextValue), "The texts.")


class AnnotationRankedChoices(Annotation, of_type=AnnotationType.RANKED_CHOICES):
    """Choices by preference."""

    value: Field[list[str] | None] = optional(TEXTS, "The choices, the preferred one first.")


class AnnotationRankedGroups(Annotation, of_type=AnnotationType.RANKED_GROUPS):
    """Choices by preference, with ties."""

    value: Field[list[list[str]] | None] = optional(
        ListOf(TEXTS), "Groups of equal choices, the preferred first."
    )


class RubricCriteriaValue(Model):
    """A criterion; further keys are in ``additional_properties``."""

    weight = optional(NUMBER, "How much it counts.")


class RubricRatingValue(Model):
    """How well a criterion is met; further keys are in ``additional_properties``."""

    score = optional(NUMBER, "How well.")
    color = optional(TEXT, "How the score is shown.")
    justification = optional(TEXT, "Why it is so.")


class AnnotationRubricCriteria(Annotation, of_type=AnnotationType.RUBRIC_CRITERIA):
    """A criterion of a rubric."""

    value: Field[RubricCriteriaValue | None] = optional(
        Nested(RubricCriteriaValue), "The criterion."
    )


class AnnotationRubricRating(Annotation, of_type=AnnotationType.RUBRIC_RATING):
    """How well a criterion is met; ``metadata.criteria`` names it."""

    value: Field[RubricRatingValue | None] = optional(Nested(RubricRatingValue), "The rating.")


class AnnotationWorkspaceContainer(Annotation, of_type=AnnotationType.WORKSPACE_CONTAINER):
    """What was done in a workspace."""

    value: Field[WorkspaceContainerValue | None] = optional(
        Nested(WorkspaceContainerValue), "The workspace."
    )


class AnnotationOperations(Operations):
    """The calls about annotations."""

    def get_annotation(
        self,
        annotation_id: str,
        **terms: Unpack[Terms],
    ) -> Annotation:
        """Return an annotation with all its details.

        Args:
            annotation_id: Its id.

        Raises:
            ScaleResourceNotFound: There is no such annotation.

        Example:
            >>> client.v2.get_annotation("an_1").title
            'How helpful is the answer?'
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
