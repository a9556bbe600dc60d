"""Download links for the attachments of tasks."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..base.documents import JsonObject, dumps
from ..links.signing import presigned
from ..media.images import Size, png
from ..resources.transaction import Transaction
from ..responses.context import UNKNOWN_SIZE
from ..rules.attachments import attachment_urls
from ..web import origin, service

_SHOWN_BY_BROWSERS = ("image/png", "image/jpeg", "image/gif", "image/webp")
_SUFFIX = "-converted"
_GRAY = b"\x80"


def with_links(tx: Transaction, text: str) -> str:
    """Return a task, as JSON text, with download links for each of its attachments."""
    task = json.loads(text)
    task["attachmentS3Downloads"] = list(_links(tx, task["params"]))
    return dumps(task)


def _links(tx: Transaction, params: JsonObject) -> Iterator[JsonObject]:
    for url in attachment_urls(params):
        file = tx.files.find("attachment_url", url)
        if file is None:
            yield _link(url, url)
            continue
        content_id = tx.files.content_of(url) or ""
        yield _link(url, _signed(tx, content_id))
        if _is_converted(file["mime_type"]):
            yield _link(url, _signed(tx, content_id + _SUFFIX), converted=True)


def _is_converted(mime_type: str) -> bool:
    """Return whether the service would convert a file for browsers."""
    return mime_type.startswith("image/") and mime_type not in _SHOWN_BY_BROWSERS


def _signed(tx: Transaction, content_id: str) -> str:
    return presigned(origin(), service().secret, content_id, tx.time)


def _link(url: str, download: str, *, converted: bool = False) -> JsonObject:
    return {"attachmentURL": url, "s3URL": download, "isConvertedImage": converted}


def converted_image(content_id: str) -> bytes | None:
    """Return a gray image in place of a converted one, or None for the id of other content."""
    if not content_id.endswith(_SUFFIX):
        return None
    size: Size = UNKNOWN_SIZE
    return png(size.width, [(size.height, _GRAY)])
