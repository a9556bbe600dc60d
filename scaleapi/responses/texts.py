"""Responses of text, document, form and chat tasks."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from .annotations import Vertex

__all__ = [
    "AlignedWord",
    "AudioTranscriptionResponse",
    "CategorizationResponse",
    "ChatExperimentalResponse",
    "ChatLiteResponse",
    "ChatOutput",
    "ChatResponse",
    "ComparisonResponse",
    "DataCollectionResponse",
    "DocumentAnnotation",
    "DocumentLocation",
    "DocumentModelResponse",
    "DocumentTranscriptionResponse",
    "Entity",
    "EntityRelationship",
    "MultiChatResponse",
    "MultiStageResponse",
    "NamedEntityRecognitionResponse",
    "TextCollectionResponse",
    "TranscriptionResponse",
]


class _Entity(TypedDict):
    id: str
    """Its id. Source: documented."""

    start: int
    """Where it begins in ``task.params["text"]``, in characters from 0. Source: documented."""

    end: int
    """Where it ends, exclusive. Source: assumed."""

    text: str
    """The text from ``start`` to ``end``. Source: documented."""

    label: str
    """The label. Source: documented."""


class Entity(_Entity, total=False):
    """A part of a text that names something."""

    attributes: dict[str, Any]
    """Its attributes. Source: documented."""


class _EntityRelationship(TypedDict):
    id: str
    """Its id. Source: documented."""

    source_ref: str
    """Id of the entity that it comes from. Source: documented."""

    target_ref: str
    """Id of the entity that it leads to. Source: documented."""


class EntityRelationship(_EntityRelationship, total=False):
    """A relationship between two entities."""

    name: str
    """Its name. Source: documented."""


class _NamedEntityRecognition(TypedDict):
    annotations: list[Entity]
    """The entities. Source: documented."""


class NamedEntityRecognitionResponse(_NamedEntityRecognition, total=False):
    """The parts of a text that name something."""

    relationships: list[EntityRelationship]
    """Relationships between them. Source: documented."""


class TextCollectionResponse(TypedDict, total=False):
    """What was filled in."""

    annotations: dict[str, Any]
    """The values by ``field_id``: a list if ``max_responses_required`` is more than 1, an object
    for a ``field_set``. Source: documented."""

    responses: list[dict[str, Any]]
    """The same, once for each labeler. Source: assumed."""


class _BoxLocation(TypedDict):
    left: float
    """Distance from the left. Source: documented."""

    top: float
    """Distance from the top. Source: documented."""

    width: float
    """Width. Source: documented."""

    height: float
    """Height. Source: documented."""


class DocumentLocation(_BoxLocation, total=False):
    """Where something is on a page, in units of ``task.document_pages``."""

    type: Literal["box", "polygon"]
    """The geometry. Source: documented."""

    vertices: list[Vertex]
    """The vertices of a polygon. Source: documented."""


class _DocumentAnnotation(TypedDict):
    label: str
    """The label. Source: documented."""

    page: int
    """Which page of ``task.document_pages``, from 0. Source: documented."""

    text: str
    """What is written there. Source: documented."""

    location: DocumentLocation
    """Where it is. Source: documented."""


class DocumentAnnotation(_DocumentAnnotation, total=False):
    """A part of a document."""

    uuid: str
    """Its id. Source: documented."""

    refs: list[Any]
    """Other annotations that belong to it. Source: documented."""

    money: dict[str, Any]
    """An amount of money: ``amount`` and more. Source: documented."""


class _Document(TypedDict):
    annotations: list[DocumentAnnotation]
    """The parts that were found. Source: documented."""


class DocumentTranscriptionResponse(_Document):
    """The parts of a document and what they say."""


class DocumentModelResponse(_Document):
    """The parts of a document and what they say."""


class _Categorization(TypedDict):
    category: str | list[str]
    """The category; a list if several were allowed. Source: documented (2016)."""


class CategorizationResponse(_Categorization, total=False):
    """The category of an attachment."""

    category_id: str | list[str] | None
    """Its id in ``category_ids``. Source: documented (2016)."""


class ComparisonResponse(TypedDict, total=False):
    """How attachments compare."""

    choice: str
    """The choice. Source: documented (2016)."""

    fields: dict[str, Any]
    """The answers by key. Source: documented (2016)."""


class TranscriptionResponse(TypedDict, total=False):
    """What an attachment says."""

    fields: dict[str, Any]
    """The values by key. Source: documented (2016)."""

    repeatable_fields: list[dict[str, Any]]
    """The entries of the list, each with values by key. Source: documented (2016)."""


class DataCollectionResponse(TypedDict, total=False):
    """What was found out."""

    fields: dict[str, Any]
    """The values by key. Source: official client."""

    time_spent_in_seconds: float
    """How long it took, in seconds. Source: official client."""


class AlignedWord(TypedDict):
    """When a word was said."""

    word: str
    """The word. Source: official client."""

    start: float
    """Its start, in seconds. Source: official client."""

    end: float
    """Its end, in seconds. Source: official client."""

    confidence: float
    """How sure that is, 0 to 1. Source: official client."""


class AudioTranscriptionResponse(TypedDict, total=False):
    """What is said in a recording."""

    transcript: str
    """The text. Source: documented (2016)."""

    duration: float
    """Length of the recording in seconds. Source: documented (2016)."""

    alignment: list[AlignedWord]
    """When each word was said. Source: official client."""

    error: str
    """Why there is no transcript. Source: documented (2016)."""


class ChatOutput(TypedDict):
    """One output of a conversation."""

    type: str
    """What it is, such as ``"text"``. Source: documented."""

    output: str
    """The output. Source: documented."""


class _Chat(TypedDict):
    responses: list[ChatOutput]
    """The outputs. The conversation itself is in the v2 API. Source: documented."""


class ChatResponse(_Chat):
    """Outputs of a conversation."""


class ChatLiteResponse(_Chat):
    """Outputs of a conversation."""


class ChatExperimentalResponse(_Chat):
    """Outputs of a conversation."""


class MultiChatResponse(_Chat):
    """Outputs of a conversation."""


class MultiStageResponse(_Chat):
    """Outputs of a conversation."""
