"""MIME types of files."""

from __future__ import annotations

import mimetypes

from .images import sniff

UNKNOWN = "application/octet-stream"

# Not the tables of the operating system, which differ between machines.
_TABLE = mimetypes.MimeTypes(filenames=())
_TABLE.add_type("image/webp", ".webp")
_TABLE.add_type("audio/mp4", ".m4a")
_TABLE.add_type("text/markdown", ".md")


def mime_type_of(name: str, content: bytes | None, declared: str | None) -> str:
    """Return the declared type of a file, or guess it from its content or name."""
    if declared and declared != UNKNOWN:
        return declared
    found = sniff(content) if content else None
    return found or _TABLE.guess_type(name)[0] or UNKNOWN
