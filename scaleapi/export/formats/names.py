"""File names that every file system takes, and that no two images share."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["Names"]

#: Bytes of a name without its suffix; file systems allow 255 with it.
_LONGEST = 180

_UNSAFE = re.compile(r"[^\w.\- ]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class Names:
    """The names that an export has used, without regard to case."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def stem(self, wanted: str, otherwise: str) -> str:
        """Return a name without suffix that is not used yet.

        Args:
            wanted: What it should be, such as the customer's own id of a task.
            otherwise: What tells it apart if that is used already: the id of the task.
        """
        first = safe(wanted) or safe(otherwise) or "image"
        name, number = first, 1
        while name.casefold() in self._used:
            name = f"{first}-{safe(otherwise)}" if number == 1 else f"{first}-{number}"
            number += 1
        self._used.add(name.casefold())
        return name


def safe(text: str) -> str:
    """Return a text without what may not be in the name of a file."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text))
    name = name.encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore").strip(". ")
    return f"_{name}" if _RESERVED.fullmatch(name) else name
