"""MIME types of files."""

from __future__ import annotations

import mimetypes
import re

from .images import sniff

UNKNOWN = "application/octet-stream"

# Not the tables of the operating system, which differ between machines.
_TABLE = mimetypes.MimeTypes(filenames=())
_TABLE.add_type("image/webp", ".webp")
_TABLE.add_type("audio/mp4", ".m4a")
_TABLE.add_type("text/markdown", ".md")

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALID = re.compile(rf"{_NAME}/{_NAME}(?:[ \t]*;[\t -~]*)?")


def sendable(mime_type: str) -> str:
    """Return a MIME type if it can be sent in a header, else the one of unknown content."""
    return mime_type if _VALID.fullmatch(mime_type) else UNKNOWN


def mime_type_of(name: str, content: bytes | None, declared: str | None) -> str:
    """Return the declared type of a file if it is valid, or guess it from its content or name."""
    if declared and sendable(declared) != UNKNOWN:
        return declared
    found = sniff(content) if content else None
    return found or _TABLE.guess_type(name)[0] or UNKNOWN
