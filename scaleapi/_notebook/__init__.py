"""Cards: how a notebook shows an object.

The functions are pure: they turn JSON into HTML and fetch nothing. They accept any JSON without
raising, escape all text, hide secrets, write no scripts, and limit the size of a card.
"""

from __future__ import annotations

from .batch import batch_card
from .card import Card
from .conversation import conversation_card
from .facts import object_card
from .file import file_card
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
    "file_card",
    "image_attachment",
    "image_link",
    "object_card",
    "page_table",
    "project_card",
    "task_card",
]
