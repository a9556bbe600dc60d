"""What a 409 says about the task because of which a creation was refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .._arguments import is_given
from ..exceptions import ScaleDuplicateResource

__all__ = ["Refusal"]


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
        return self._has(self.key)

    @property
    def names_unique_id(self) -> bool:
        """Whether it names the ``unique_id``."""
        return is_given(self.unique_id) and self._has(str(self.unique_id))

    @property
    def task_id(self) -> str | None:
        """The id that it names: its last word in parentheses that is none of the keys."""
        others = (self.key, str(self.unique_id), str(self.error.status))
        ids = [word for word in re.findall(r"\(([\w-]+)\)", self._text) if word not in others]
        return ids[-1] if ids else None

    def _has(self, word: str) -> bool:
        """Return whether it has a word, in the decoded message or in the whole JSON."""
        pattern = rf"(?<!\w){re.escape(word)}(?!\w)"
        return any(re.search(pattern, text) for text in (self.error.message, self._text))

    @property
    def _text(self) -> str:
        """All that the service said; the message has only the first part of a long text."""
        return self.error.body or self.error.message
