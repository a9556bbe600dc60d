"""Table of files."""

from __future__ import annotations

import sqlite3

from ..base.documents import JsonObject
from ..media.images import Size
from .store import DocumentTable
from .tables import FILES


class FileTable(DocumentTable):
    """The files of one mode, within one transaction."""

    def __init__(self, db: sqlite3.Connection, mode: str) -> None:
        super().__init__(db, FILES, mode)

    def size(self, attachment_url: str) -> Size | None:
        """Return the size of an uploaded image, or None."""
        row = self._db.execute(
            "SELECT width, height FROM files"
            " WHERE attachment_url = ? AND world = ? AND width IS NOT NULL",
            (attachment_url, self._mode),
        ).fetchone()
        return None if row is None else Size(*row)

    def content_of(self, attachment_url: str) -> str | None:
        """Return the content id of an attachment URL, or None."""
        row = self._db.execute(
            "SELECT content_id FROM files WHERE attachment_url = ? AND world = ?",
            (attachment_url, self._mode),
        ).fetchone()
        return row[0] if row else None

    def name_of(self, attachment_url: str) -> str | None:
        """Return the display name of the file with an attachment URL, or None."""
        row = self._db.execute(
            "SELECT json_extract(body, '$.display_name') FROM files JOIN documents USING (key)"
            " WHERE attachment_url = ? AND world = ?",
            (attachment_url, self._mode),
        ).fetchone()
        return row[0] if row else None

    def with_reference(self, reference_id: str) -> str | None:
        """Return the id of the file with this ``reference_id``, or None."""
        row = self._db.execute(
            "SELECT id FROM files WHERE world = ? AND reference_id = ?", (self._mode, reference_id)
        ).fetchone()
        return row[0] if row else None

    def share(self, file: JsonObject, project: str) -> None:
        """Store a file after it was added to a project."""
        key = self.change(file)
        self._db.execute(
            "INSERT INTO file_projects VALUES (?, ?, ?, ?, ?)",
            (self._mode, project, file["created_at"], file["id"], key),
        )
