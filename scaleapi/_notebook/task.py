"""The card of a task."""

from __future__ import annotations

from collections.abc import Mapping

from .facts import object_card
from .html import Html
from .image import Image
from .picture import picture

__all__ = ["task_card"]

_FIRST = (
    "type",
    "project",
    "batch",
    "unique_id",
    "created_at",
    "completed_at",
    "tags",
    "metadata",
    "customer_review_status",
    "customer_review_comments",
    "response",
    "expected_response",
    "initial_response",
    "params",
    "instruction",
)


def task_card(
    kind: str,
    identity: str | None,
    task: Mapping[str, object],
    answer: str = "response",
    image: Image | None = None,
) -> Html:
    """Return the card of a task: the facts, its picture, and its response folded.

    Args:
        kind: What it is, such as ``EvaluationTask``.
        identity: The key of its id.
        task: The task.
        answer: The key of the response that is drawn.
        image: Its image, if it is to be part of the card.
    """
    drawn = picture(task, task.get(answer), image)
    body = () if drawn is None else (drawn,)
    return object_card(kind, identity, task, *body, first=_FIRST)
