"""The card of a file."""

from __future__ import annotations

from collections.abc import Mapping

from .facts import object_card
from .html import Html, element, is_link
from .redaction import image_source
from .values import byte_size

__all__ = ["file_card"]

#: A thumbnail has this size before and after it is loaded.
_THUMBNAIL = "width:160px;height:120px;object-fit:contain;background:rgba(128,128,128,0.15)"


def file_card(kind: str, identity: str | None, file: Mapping[str, object]) -> Html:
    """Return the card of a file: its facts, and a thumbnail if a browser can load the image.

    Args:
        kind: The name of its class.
        identity: The key of its id.
        file: The JSON of the file.
    """
    name = {"display_name": file["display_name"]} if "display_name" in file else {}
    facts = {**name, **file, "size": byte_size(file.get("size"))}
    shown = _thumbnail(file)
    if shown is None:
        return object_card(kind, identity, facts)
    return object_card(kind, identity, facts, shown, first_body=True)


def _thumbnail(file: Mapping[str, object]) -> Html | None:
    kind, url = file.get("mime_type"), file.get("attachment_url")
    if not (isinstance(kind, str) and kind.startswith("image/") and isinstance(url, str)):
        return None
    if not is_link(url):
        return None
    return element("img", src=image_source(url), alt="Thumbnail", loading="lazy", style=_THUMBNAIL)
