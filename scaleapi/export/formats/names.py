"""File names that every file system takes, and that no two images share."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

__all__ = ["Names"]

#: Bytes of a name without its suffix; file systems allow 255 with it.
_LONGEST = 180

_UNSAFE = re.compile(r"[^\w.\- ]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[\d¹²³])(\..*)?", re.IGNORECASE)


class Names:
    """The names that an export has used, without regard to case."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._equal: Counter[str] = Counter()

    def stem(self, wanted: str, otherwise: str) -> str:
        """Return a name without suffix that is not used yet.

        Args:
            wanted: What it should be, such as the customer's own id of a task.
            otherwise: What tells it apart if that is used already: the id of the task.
        """
        first = safe(wanted) or safe(otherwise) or "image"
        name = first
        if name.casefold() in self._used and safe(otherwise):
            name = f"{safe(wanted, _LONGEST // 2)}-{safe(otherwise, _LONGEST // 2)}"
        while name.casefold() in self._used:
            self._equal[first.casefold()] += 1
            name = f"{first}-{self._equal[first.casefold()] + 1}"
        self._used.add(name.casefold())
        return name


def safe(text: str, longest: int = _LONGEST) -> str:
    """Return a text without what may not be in the name of a file.

    Args:
        text: The text.
        longest: The most bytes.
    """
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text))
    name = name.encode("utf-8", "replace")[:longest].decode("utf-8", "ignore").strip(". ")
    return f"_{name}" if _RESERVED.fullmatch(name) else name
