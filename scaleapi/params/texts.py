"""Parameters of text, document and chat tasks."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from ..responses.texts import DocumentAnnotation
from .common import CommonParams, Labels, ListOf

__all__ = [
    "ChatExperimentalParams",
    "ChatLiteParams",
    "ChatParams",
    "CollectionAttachment",
    "DocumentHypothesis",
    "DocumentModelParams",
    "DocumentTranscriptionParams",
    "Feature",
    "FieldChoice",
    "MultiChatParams",
    "MultiStageParams",
    "NamedEntityRecognitionParams",
    "PartialChatExperimentalParams",
    "PartialChatLiteParams",
    "PartialChatParams",
    "PartialDocumentModelParams",
    "PartialDocumentTranscriptionParams",
    "PartialMultiChatParams",
    "PartialMultiStageParams",
    "PartialNamedEntityRecognitionParams",
    "PartialTextCollectionParams",
    "RelationshipDefinition",
    "TextCollectionParams",
    "TextField",
]


class RelationshipDefinition(TypedDict, total=False):
    """A relationship that labelers may mark between two entities."""

    name: str
    """Its name. Source: documented."""

    description: str
    """What labelers are told about it. Source: documented."""

    source_label: str
    """Label of the entity that it comes from. Source: assumed."""

    target_label: str
    """Label of the entity that it leads to. Source: assumed."""


class _NamedEntityRecognition(CommonParams, total=False):
    relationships: list[RelationshipDefinition]
    """Relationships that labelers may mark. Source: assumed."""

    merge_newlines: bool
    """Whether lines are joined into one. Source: assumed."""


class NamedEntityRecognitionParams(_NamedEntityRecognition):
    """Mark the parts of a text that name something."""

    text: str
    """The text. There is no attachment. Source: documented."""

    labels: Labels
    """The labels: names, or objects with ``name`` and ``description``. Source: documented."""


class PartialNamedEntityRecognitionParams(_NamedEntityRecognition, total=False):
    """The same parameters, none of them required."""

    text: str
    labels: Labels


class FieldChoice(TypedDict, total=False):
    """A choice of a field of type ``category``."""

    label: str
    """What labelers see. Source: documented."""

    value: Any
    """What the response has. Source: documented."""

    hint: str
    """What labelers are told about it. Source: documented."""

    subchoices: list[FieldChoice]
    """Choices below this one. Source: documented."""


class _TextField(TypedDict):
    type: str
    """``text``, ``number``, ``boolean``, ``category``, ``datetime``, ``field_set``, ``ranking``.
    There are others, so any string is taken. Source: documented."""

    field_id: str
    """Its key in the response, unique in the task. Source: documented."""


class TextField(_TextField, total=False):
    """One thing that labelers fill in."""

    title: str
    """Its title. Source: documented."""

    description: str
    """What labelers are told about it, in Markdown. Source: documented."""

    hint: str
    """A shorter explanation. Source: documented."""

    required: bool
    """Whether it must be filled in. Source: documented."""

    min_responses_required: int
    """Least number of values, 1 to 100. Default: 1. Source: documented."""

    max_responses_required: int
    """Greatest number of values, 1 to 100; if more than 1, the response is a list. Default: 1.
    Source: documented."""

    choices: list[FieldChoice]
    """Type ``category``: what to choose from. Source: documented."""

    min_choices: int
    """Type ``category``: least number of choices. Source: documented."""

    max_choices: int
    """Type ``category``: greatest number of choices. Source: documented."""

    min: float
    """Type ``number``: least number. Source: assumed."""

    max: float
    """Type ``number``: greatest number. Source: assumed."""

    max_characters: int
    """Type ``text``: greatest length. Source: assumed."""

    fields: list[TextField]
    """Type ``field_set``: the fields of the set, at least 2. Source: documented."""

    options: list[Any]
    """Type ``ranking``: what to put in order. Source: assumed."""


class CollectionAttachment(TypedDict, total=False):
    """Something that labelers read, look at or listen to."""

    type: Literal["pdf", "image", "text", "video", "website", "audio"]
    """What it is. Source: documented."""

    content: str
    """Its URL, or the text itself. Source: documented."""

    forms: list[Any]
    """Forms beside it. Source: documented."""


class _TextCollection(CommonParams, total=False):
    title: str
    """Title of the task. Source: documented."""

    description: str
    """Description below the title. Source: documented."""

    responses_required: int
    """How many labelers respond, 1 to 100. Default: 1. Source: documented."""

    attachment_type: str
    """What the attachments are, if they are URLs. Source: assumed."""

    attachments: ListOf[str | CollectionAttachment]
    """What the form is about. Either this or ``template_variables`` is required. Source:
    documented."""

    template_variables: dict[str, Any]
    """Values for the template of the project. Either this or ``attachments`` is required. Source:
    assumed."""


class TextCollectionParams(_TextCollection):
    """Fill in a form about texts, images, documents, websites, audio or videos."""

    fields: list[TextField]
    """What to fill in, at least one field. Source: documented."""


class PartialTextCollectionParams(_TextCollection, total=False):
    """The same parameters, none of them required."""

    fields: list[TextField]


class _Feature(TypedDict):
    type: str
    """What kind of feature, such as ``"block"``. Source: official client."""


class Feature(_Feature, total=False):
    """What to find in a document."""

    label: str
    """Its label in the response. Source: official client."""


class DocumentHypothesis(TypedDict):
    """Annotations that labelers begin with."""

    annotations: list[DocumentAnnotation]
    """The annotations, in the form of a response. Source: documented."""


class _Document(CommonParams, total=False):
    attachment: str
    """URL of the document. Either this or ``attachments`` is required. Source: official client."""

    attachments: list[str]
    """URLs of the pages. Either this or ``attachment`` is required. Source: official client."""

    attachment_type: Literal["image", "pdf"]
    """What the attachments are. Source: assumed."""

    hypothesis: DocumentHypothesis
    """Annotations of a model, which labelers correct. Source: documented."""


class DocumentTranscriptionParams(_Document):
    """Find parts of a document and type what they say."""

    features: list[Feature]
    """What to find. Source: official client."""


class PartialDocumentTranscriptionParams(_Document, total=False):
    """The same parameters, none of them required."""

    features: list[Feature]


class DocumentModelParams(_Document):
    """Like ``documenttranscription``, with a model of Scale's that labelers correct."""

    features: list[Feature]
    """What to find. Source: assumed."""


class PartialDocumentModelParams(_Document, total=False):
    """The same parameters, none of them required."""

    features: list[Feature]


class _Chat(CommonParams, total=False):
    template_variables: dict[str, Any]
    """What the project's template leaves open, by name. Source: assumed."""

    attachments: list[Any]
    """Files that belong to the conversation. Source: assumed."""


class ChatParams(_Chat, total=False):
    """Write and judge conversations with models; the v2 API reads them best."""


class ChatLiteParams(_Chat, total=False):
    """Write and judge short conversations with models."""


class ChatExperimentalParams(_Chat, total=False):
    """Conversations with features that are not in ``chat`` yet."""


class MultiChatParams(_Chat, total=False):
    """Conversations with several models side by side."""


class MultiStageParams(_Chat, total=False):
    """Conversations that several people work on, one after the other."""


PartialChatParams = ChatParams
PartialChatLiteParams = ChatLiteParams
PartialChatExperimentalParams = ChatExperimentalParams
PartialMultiChatParams = MultiChatParams
PartialMultiStageParams = MultiStageParams
