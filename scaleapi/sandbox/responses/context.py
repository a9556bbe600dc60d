"""The context of a canned response: random values, image sizes and result files."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Protocol
from uuid import UUID

from ..base.documents import JsonObject, dumps
from ..media.images import Size
from ..rules.geometry_parameters import labels
from .shapes import Canvas

UNKNOWN_SIZE = Size(100, 100)
"""Assumed size of an image that the sandbox does not have."""

_UNLIMITED = Size(2**31, 2**31)

SizeOf = Callable[[str], "Size | None"]


class StoreFile(Protocol):
    """Store a result file and return its link."""

    def __call__(self, file_id: str, mime_type: str, content: bytes) -> str:
        """Store ``content`` under an id."""
        ...


class ResponseContext:
    """Random values seeded by a task id, image sizes, and storage for result files."""

    def __init__(self, task_id: str, size_of: SizeOf, store_file: StoreFile) -> None:
        self.random = Random(task_id)  # noqa: S311 (responses, not secrets)
        self.store_file = store_file
        self._size_of = size_of

    def uuid(self) -> str:
        """Return an id for an annotation."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def label(self, choices: list[Any]) -> str:
        """Return one of the labels of a task."""
        return self.random.choice(labels(choices))

    def store_json(self, value: object) -> JsonObject:
        """Store a JSON file and return an object with its link."""
        return {"url": self.store_file(self.uuid(), "application/json", dumps(value).encode())}

    def size(self, attachment: object) -> Size:
        """Return the size of an image, or the assumed one."""
        return self._known_size(attachment) or UNKNOWN_SIZE

    def size_or_unlimited(self, attachment: object) -> Size:
        """Return the size of an image, or a practically unlimited one."""
        return self._known_size(attachment) or _UNLIMITED

    def _known_size(self, attachment: object) -> Size | None:
        return self._size_of(attachment) if isinstance(attachment, str) else None

    def canvas(self, attachment: object) -> Canvas:
        """Return a canvas of the size of an image."""
        return Canvas(self.size(attachment), self.random)
