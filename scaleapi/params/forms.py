"""Parameters of tasks that ask questions about an attachment."""

from __future__ import annotations

from typing import Any, Literal

from .common import AttachmentType, CommonParams, Labels

__all__ = [
    "AudioTranscriptionParams",
    "CategorizationParams",
    "ComparisonParams",
    "DataCollectionParams",
    "PartialAudioTranscriptionParams",
    "PartialCategorizationParams",
    "PartialComparisonParams",
    "PartialDataCollectionParams",
    "PartialTranscriptionParams",
    "TranscriptionParams",
]


class _Categorization(CommonParams, total=False):
    category_ids: dict[str, str]
    """Ids of the categories: ``{id: category}``. Source: documented (2016)."""

    allow_multiple: bool
    """Whether several categories may be chosen. Default: ``False``. Source: documented (2016)."""

    layers: dict[str, Any]
    """Shapes that labelers see in the image. Source: seen."""


class CategorizationParams(_Categorization):
    """Put an attachment into one of several categories, or into several."""

    attachment: str
    """URL of the attachment; the text itself for the type ``text``. Source: documented (2016)."""

    attachment_type: AttachmentType
    """What the attachment is. Source: documented (2016)."""

    categories: Labels
    """The categories, at least one. Source: documented (2016)."""


class PartialCategorizationParams(_Categorization, total=False):
    """The same parameters, none of them required."""

    attachment: str
    attachment_type: AttachmentType
    categories: Labels


class _Comparison(CommonParams, total=False):
    choices: list[str]
    """The answers to choose from. Either this or ``fields`` is required.
    Source: documented (2016)."""

    fields: dict[str, str]
    """Questions to answer: ``{key: question}``. Either this or ``choices`` is required.
    Source: documented (2016)."""


class ComparisonParams(_Comparison):
    """Compare attachments, for example to choose the better one."""

    attachments: list[str]
    """URLs of what to compare. Source: documented (2016)."""

    attachment_type: AttachmentType
    """What the attachments are. Source: documented (2016)."""


class PartialComparisonParams(_Comparison, total=False):
    """The same parameters, none of them required."""

    attachments: list[str]
    attachment_type: AttachmentType


class _Transcription(CommonParams, total=False):
    fields: dict[str, str]
    """What to type, once: ``{key: description}``. Either this or ``repeatable_fields`` is
    required. Source: official client."""

    repeatable_fields: dict[str, str]
    """What to type for each entry of a list: ``{key: description}``. Either this or ``fields`` is
    required. Source: official client."""


class TranscriptionParams(_Transcription):
    """Type what an attachment says, field by field."""

    attachment: str
    """URL of the attachment. Source: official client."""

    attachment_type: AttachmentType
    """What the attachment is. Source: official client."""


class PartialTranscriptionParams(_Transcription, total=False):
    """The same parameters, none of them required."""

    attachment: str
    attachment_type: AttachmentType


class _DataCollection(CommonParams, total=False):
    attachment: str
    """URL of something to begin with. Source: official client."""

    attachment_type: AttachmentType
    """What the attachment is. Source: official client."""


class DataCollectionParams(_DataCollection):
    """Find something out, for example on a website."""

    fields: dict[str, str]
    """What to find out: ``{key: description}``. Source: official client."""


class PartialDataCollectionParams(_DataCollection, total=False):
    """The same parameters, none of them required."""

    fields: dict[str, str]


class _AudioTranscription(CommonParams, total=False):
    attachment_type: Literal["audio"]
    """What the attachment is. Default: ``"audio"``. Source: documented (2016)."""

    verbatim: bool
    """Whether every sound is written down. Default: ``False``. Source: documented (2016)."""

    phrases: list[str]
    """Words that are likely to occur. Default: ``[]``. Source: documented (2016)."""


class AudioTranscriptionParams(_AudioTranscription):
    """Write down what is said in a recording. Legacy."""

    attachment: str
    """URL of the recording. Source: documented (2016)."""


class PartialAudioTranscriptionParams(_AudioTranscription, total=False):
    """The same parameters, none of them required."""

    attachment: str
