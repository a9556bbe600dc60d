"""Conversations: the threads, turns and messages of a task."""

from __future__ import annotations

import builtins

from .._enums import StringEnum
from .._http.response import JSONObject
from .._model.fields import optional, required
from .._model.kinds import NUMBER, TEXT, TIME, WHOLE, EnumOf, Nested, list_of
from .._model.objects import Model
from .annotations import Annotation
from .files import DetailedFile
from .rubrics import Rubric, RubricEvaluation

__all__ = [
    "Chunk",
    "ChunkText",
    "Message",
    "MessageContent",
    "MessageRole",
    "ModelParameters",
    "Reasoning",
    "ReferenceText",
    "Submission",
    "Thread",
    "Turn",
]


class MessageRole(StringEnum):
    """Known roles of the author of a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    FUNCTION = "function"


class ReferenceText(Model):
    """A text that a message refers to."""

    content = optional(TEXT, "The text.")
    category = optional(TEXT, "The category of the text.")
    url = optional(TEXT, "The source of the text.")


class Chunk(Model):
    """A part of a message; one with a text is a :class:`ChunkText`."""

    type = required(TEXT, "The type of the part.")
    annotations = required(list_of(Annotation), "Annotations.")

    @classmethod
    def _variant(cls, json: JSONObject) -> builtins.type[Chunk]:
        return ChunkText if cls is Chunk and "text" in json else cls


class ChunkText(Chunk):
    """A text that is a part of a message."""

    text = required(TEXT, "The text.")


class Reasoning(Model):
    """Reasoning of a model before its message."""

    content = optional(TEXT, "The reasoning.")


class MessageContent(Model):
    """The content of a message."""

    text = optional(TEXT, "The text.")
    reference_texts = optional(list_of(ReferenceText), "Texts that it refers to.")
    attachments = optional(list_of(DetailedFile), "Attached files.")
    chunks = optional(list_of(Chunk), "The parts of the message.")
    reasoning = optional(list_of(Reasoning), "The reasoning of the model.")


class ModelParameters(Model):
    """The parameters of a model; sent with ``opts=["model_parameters"]``."""

    model = optional(TEXT, "The model's name.")
    temperature = optional(NUMBER, "The sampling temperature.")
    max_completion_tokens = optional(WHOLE, "The maximum number of tokens of a completion.")
    top_p = optional(NUMBER, "The probability mass that tokens are sampled from.")
    top_k = optional(WHOLE, "The number of likely tokens that are sampled from.")


class Message(Model):
    """A message."""

    role = required(EnumOf(MessageRole), "The role of the author.")
    content = required(Nested(MessageContent), "The content.")
    source_id = required(TEXT, "The author, such as ``user`` or the label of a model.")
    model_parameters = optional(Nested(ModelParameters), "The parameters of the model.")
    annotations = required(list_of(Annotation), "Annotations.")
    rubric_evaluations = optional(
        list_of(RubricEvaluation), "Evaluations by the rubrics of the turn."
    )


class Turn(Model):
    """A turn: a prompt and the responses to it."""

    id = required(TEXT, "The turn's id.")
    messages = required(list_of(Message), "The messages.")
    annotations = required(list_of(Annotation), "Annotations.")
    rubrics = optional(list_of(Rubric), "Rubrics for the messages.")


class Submission(Model):
    """A submission of work on a thread; sent with ``opts=["submissions"]``."""

    submitted_at = optional(TIME, "When the work was submitted.")
    contributor_id = optional(TEXT, "The contributor.")


class Thread(Model):
    """A conversation."""

    id = required(TEXT, "The thread's id.")
    turns = required(list_of(Turn), "The turns, in order.")
    submissions = optional(list_of(Submission), "Submissions of work.")
    annotations = required(list_of(Annotation), "Annotations.")
