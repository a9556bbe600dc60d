"""What canned responses draw from."""

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
"""The size that an image is taken for when the sandbox does not have it."""

_BOUNDLESS = Size(2**31, 2**31)

SizeOf = Callable[[str], "Size | None"]


class StoreFile(Protocol):
    """Keep a result file and return its link."""

    def __call__(self, file_id: str, mime_type: str, content: bytes) -> str:
        """Keep ``content`` under an id."""
        ...


class ResponseContext:
    """What an answer draws from: chance that repeats itself, and the size of the image."""

    def __init__(self, task_id: str, size_of: SizeOf, keep: StoreFile) -> None:
        self.chance = Random(task_id)  # noqa: S311 (answers, not secrets)
        self.keep = keep
        self._size_of = size_of

    def uuid(self) -> str:
        """Return an id for one annotation."""
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def label(self, choices: list[Any]) -> str:
        """Return one of the labels that a task offers."""
        return self.chance.choice(labels(choices))

    def store_json(self, value: object) -> JsonObject:
        """Keep a JSON file, and return what links it."""
        return {"url": self.keep(self.uuid(), "application/json", dumps(value).encode())}

    def size(self, attachment: object) -> Size:
        """Return the size of an image, or what it is taken for."""
        return self._known_size(attachment) or UNKNOWN_SIZE

    def size_or_boundless(self, attachment: object) -> Size:
        """Return the size of an image, or one that everything fits into."""
        return self._known_size(attachment) or _BOUNDLESS

    def _known_size(self, attachment: object) -> Size | None:
        return self._size_of(attachment) if isinstance(attachment, str) else None

    def canvas(self, attachment: object) -> Canvas:
        """Return the area to draw on."""
        return Canvas(self.size(attachment), self.chance)
