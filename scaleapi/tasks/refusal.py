"""What a 409 says about the task because of which a creation was refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .._arguments import is_given
from ..exceptions import ScaleDuplicateResource

__all__ = ["Refusal"]

_UNIQUE_ID = re.compile(r"unique[ _-]?id", re.IGNORECASE)

_IN_PARENTHESES = re.compile(r"\(([\w-]+)\)")

#: The ids of Scale.
_OBJECT_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Refusal:
    """A 409, and the keys of the creation that it is the response to.

    Args:
        error: The error of the 409.
        key: The idempotency key that was sent.
        unique_id: The ``unique_id`` that was sent, if there was one.
    """

    error: ScaleDuplicateResource
    key: str
    unique_id: Any = None

    @property
    def names_key(self) -> bool:
        """Whether it names the idempotency key."""
        return self.key in self._text

    @property
    def is_about_keys(self) -> bool:
        """Whether it is about an idempotency key, that of this request or another one."""
        return self.names_key or "idempotency" in self._text.lower()

    @property
    def names_unique_id(self) -> bool:
        """Whether it says that the ``unique_id`` is used."""
        if not is_given(self.unique_id) or not _UNIQUE_ID.search(self._text):
            return False
        return _has_word(self._text, str(self.unique_id))

    @property
    def task_id(self) -> str | None:
        """The id of the task that it names; ``None`` if it names none, or more than one.

        It is the last word in parentheses, apart from the keys and the status. Words that look
        like ids of Scale take precedence.
        """
        unique_id, text = str(self.unique_id), self._text
        if _IN_PARENTHESES.search(unique_id):
            text = text.replace(unique_id, "")
        others = (self.key, unique_id, str(self.error.status))
        words = [word for word in _IN_PARENTHESES.findall(text) if word not in others]
        ids = {word for word in words if _OBJECT_ID.fullmatch(word)}
        if ids:
            return ids.pop() if len(ids) == 1 else None
        return words[-1] if words else None

    def add_hint_about(self, task_id: str, differences: str) -> None:
        """Add to the error that the ``unique_id`` belongs to a task for something else."""
        self.error.add_hint(
            f"Task {task_id} has this unique_id, and another {differences}: give each row a"
            " unique_id of its own"
        )

    @cached_property
    def _text(self) -> str:
        """All that the service said; the message has only the first part of a long text."""
        body = self.error.body
        if not body:
            return self.error.message
        try:
            return "\n".join(_strings(json.loads(body)))
        except (ValueError, RecursionError):
            return body


def _strings(value: object) -> Iterator[str]:
    """Yield the texts in JSON, which are without its escapes."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _has_word(text: str, word: str) -> bool:
    """Return whether a text has a word that is not a part of a longer one."""
    place = text.find(word)
    while place >= 0:
        before, after = text[max(place - 1, 0) : place], text[place + len(word) :][:2]
        if not re.search(r"[\w.-]$", before) and not re.match(r"[\w-]|\.\w", after):
            return True
        place = text.find(word, place + 1)
    return False
