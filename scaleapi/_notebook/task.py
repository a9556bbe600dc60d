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
    response_key: str = "response",
    image: Image | None = None,
    *,
    link_image: bool = True,
) -> Html:
    """Return the card of a task: its fields, its picture, and its response folded.

    Args:
        kind: The name of its class, such as ``EvaluationTask``.
        identity: The key of its id.
        task: The JSON of the task.
        response_key: The key of the response to draw.
        image: The image to embed.
        link_image: Whether to link the image if there is none to embed.
    """
    drawn = picture(task, task.get(response_key), image, link_image=link_image)
    body = () if drawn is None else (drawn,)
    return object_card(kind, identity, task, *body, first=_FIRST)
