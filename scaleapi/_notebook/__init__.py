"""Cards: what a notebook shows of an object.

Pure functions from JSON to HTML. Nothing is fetched, nothing raises whatever the JSON is, and
what comes out is safe: all text is escaped, there are no scripts, and its size has a bound.
"""

from __future__ import annotations

from .batch import batch_card
from .card import Card
from .conversation import conversation_card
from .facts import object_card
from .image import IMAGE_LIMIT, Image, image_attachment, image_link
from .page import page_table
from .project import project_card
from .task import task_card

__all__ = [
    "IMAGE_LIMIT",
    "Card",
    "Image",
    "batch_card",
    "conversation_card",
    "image_attachment",
    "image_link",
    "object_card",
    "page_table",
    "project_card",
    "task_card",
]
