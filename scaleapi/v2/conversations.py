"""Conversations: the threads, turns and messages of a task."""

from __future__ import annotations

import builtins

from .._enums import StringEnum
from .._fields import optional, required
from .._http.response import JSONObject
from .._kinds import NUMBER, TEXT, TIME, WHOLE, EnumOf, Nested, list_of
from .._model import Model
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
    """Known roles of who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    FUNCTION = "function"


class ReferenceText(Model):
    """A text that a message refers to."""

    content = optional(TEXT, "The text.")
    category = optional(TEXT, "What kind of text it is.")
    url = optional(TEXT, "Where it is from.")


class Chunk(Model):
    """A part of a message; one with a text is a :class:`ChunkText`."""

    type = required(TEXT, "What kind of part it is.")
    annotations = required(list_of(Annotation), "What was said about it.")

    @classmethod
    def _variant(cls, json: JSONObject) -> builtins.type[Chunk]:
        return ChunkText if cls is Chunk and "text" in json else cls


class ChunkText(Chunk):
    """A text that is a part of a message."""

    text = required(TEXT, "The text.")


class Reasoning(Model):
    """What a model thought before it spoke."""

    content = optional(TEXT, "The thoughts.")


class MessageContent(Model):
    """What a message says."""

    text = optional(TEXT, "The text.")
    reference_texts = optional(list_of(ReferenceText), "Texts that it refers to.")
    attachments = optional(list_of(DetailedFile), "Files that go with it.")
    chunks = optional(list_of(Chunk), "Its parts.")
    reasoning = optional(list_of(Reasoning), "What the model thought before.")


class ModelParameters(Model):
    """How a model was asked; sent with ``opts=["model_parameters"]``."""

    model = optional(TEXT, "The model's name.")
    temperature = optional(NUMBER, "How much chance there is in the answer.")
    max_completion_tokens = optional(WHOLE, "How many tokens the answer may have.")
    top_p = optional(NUMBER, "The share of likely tokens that it is drawn from.")
    top_k = optional(WHOLE, "The number of likely tokens that it is drawn from.")


class Message(Model):
    """A message."""

    role = required(EnumOf(MessageRole), "Who speaks.")
    content = required(Nested(MessageContent), "What it says.")
    source_id = required(TEXT, "Who made it, such as ``user`` or the label of a model.")
    model_parameters = optional(Nested(ModelParameters), "How the model was asked.")
    annotations = required(list_of(Annotation), "What was said about it.")
    rubric_evaluations = optional(list_of(RubricEvaluation), "How well it meets the rubrics.")


class Turn(Model):
    """A turn: a message, and those that answer it."""

    id = required(TEXT, "The turn's id.")
    messages = required(list_of(Message), "The messages.")
    annotations = required(list_of(Annotation), "What was said about it.")
    rubrics = optional(list_of(Rubric), "Criteria for its messages.")


class Submission(Model):
    """Who worked on a thread; sent with ``opts=["submissions"]``."""

    submitted_at = optional(TIME, "When the work was handed in.")
    contributor_id = optional(TEXT, "Who did it.")


class Thread(Model):
    """A conversation."""

    id = required(TEXT, "The thread's id.")
    turns = required(list_of(Turn), "The turns, in order.")
    submissions = optional(list_of(Submission), "Who worked on it.")
    annotations = required(list_of(Annotation), "What was said about it.")
