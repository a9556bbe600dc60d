"""The file list, with thumbnails of images."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from ..base.validation import integer
from ..web import query, transaction
from .page import ROWS, render
from .pictures import link

files = Blueprint("files", __name__)


@files.get("/files")
def list_files() -> Response:
    """Show a page of files, newest first."""
    after = query().text("after")
    last = 2**62 if after is None else integer(after, "after", 0)
    with transaction() as tx:
        found = tx.db.execute(
            "SELECT key, content_id, width, height, body FROM files JOIN documents USING (key)"
            " WHERE world = ? AND key < ? ORDER BY key DESC LIMIT ?",
            (tx.mode, last, ROWS + 1),
        ).fetchall()
        rows = [
            json.loads(body) | {"width": width, "height": height, "link": link(tx, content_id)}
            for _, content_id, width, height, body in found[:ROWS]
        ]
    more = found[ROWS - 1][0] if len(found) > ROWS else None
    return render("files.html", rows=rows, after=more, first=after is None)
