"""Single values as people read them: words, times and numbers."""

from __future__ import annotations

import math
import re
from datetime import datetime, timezone

from .html import Html, element, joined
from .redaction import redacted

__all__ = ["MOST", "byte_size", "counted", "heading", "moment", "plain", "shortened"]

#: The most characters of one value.
MOST = 300

#: The most characters in which secrets are looked for.
_REDACTED = 100_000

_ENDLESS = "a number of hundreds of digits"

_SPELLED = {"id": "ID", "ids": "IDs", "url": "URL", "urls": "URLs"}


def heading(key: str) -> str:
    """Return a key as words: ``created_at`` and ``createdAt`` are both "Created at"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key).replace("_", " ").split()
    text = " ".join(_SPELLED.get(one, one) for one in map(_lower, words))
    return shortened(text[:1].upper() + text[1:] or key, 60)


def _lower(word: str) -> str:
    """Return a word in lower case, unless it is an acronym."""
    return word if word.isupper() and len(word) > 1 else word.lower()


def shortened(text: str, most: int = MOST) -> str:
    """Return the beginning of a redacted text, and how much is left out.

    Args:
        text: The text.
        most: The number of characters to keep.
    """
    # Redacted before it is cut, since the end of a link may tell what is secret in it. Far from
    # what is shown, a link may be cut, which redaction allows for.
    shown = redacted(text[:_REDACTED])
    left_out = len(shown) + len(text[_REDACTED:]) - most
    return shown if left_out <= 0 else f"{shown[:most]}… ({left_out:,} more characters)"


def _is_written(number: int) -> bool:
    """Return whether a number is short. Python refuses to write more than 4,300 digits."""
    return number.bit_length() < 1000


def plain(scalar: object) -> str:
    """Return a string, number, truth value or ``None`` as text; of a string, the beginning."""
    if isinstance(scalar, str):
        return shortened(scalar)
    if isinstance(scalar, bool):
        return "yes" if scalar else "no"
    if isinstance(scalar, int):
        return str(scalar) if _is_written(scalar) else _ENDLESS
    if isinstance(scalar, float):
        return f"{scalar:.15g}" if math.isfinite(scalar) else str(scalar)
    return "" if scalar is None else f"({type(scalar).__name__})"


def moment(text: str) -> Html:
    """Return a time in ISO 8601 in a readable form, and other text as it is."""
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))  # "Z" is new in Python 3.11
        zone = "" if time.tzinfo is None else " UTC"
        if time.tzinfo is not None:
            time = time.astimezone(timezone.utc)
        shown = f"{time:%Y-%m-%d %H:%M:%S}{zone}"
        return element("time", shown, datetime=text, style="white-space:nowrap")
    except (ValueError, OverflowError):
        return joined([plain(text)])


def counted(number: object) -> str:
    """Return a number with commas, and anything else as text."""
    if isinstance(number, bool) or not isinstance(number, int) or not _is_written(number):
        return plain(number)
    return f"{number:,}"


def byte_size(count: object) -> object:
    """Return a number of bytes in KB, MB or GB, and anything else as it is."""
    if isinstance(count, bool) or not isinstance(count, int):
        return count
    if count < 0 or not _is_written(count):
        return count
    if count < 1_000:
        return f"{count} bytes"
    for unit, bytes_of in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        # Rounded first, so that 999,999 bytes are 1 MB and not 1000 KB.
        whole, tenths = divmod((count * 10 + bytes_of // 2) // bytes_of, 10)
        if whole >= 100:
            return f"{(count + bytes_of // 2) // bytes_of:,} {unit}"
        if whole:
            return f"{whole}{f'.{tenths}' if tenths else ''} {unit}"
    return f"{count:,} bytes"
