"""What type a file is of."""

from __future__ import annotations

import mimetypes

from .images import sniff

UNKNOWN = "application/octet-stream"

# Without the tables of the machine, so that every machine guesses the same.
_TABLE = mimetypes.MimeTypes(filenames=())
_TABLE.add_type("image/webp", ".webp")
_TABLE.add_type("audio/mp4", ".m4a")
_TABLE.add_type("text/markdown", ".md")


def mime_type_of(name: str, content: bytes | None, declared: str | None) -> str:
    """Return the type of a file: as declared, else as its bytes or its name tell."""
    if declared and declared != UNKNOWN:
        return declared
    found = sniff(content) if content else None
    return found or _TABLE.guess_type(name)[0] or UNKNOWN
