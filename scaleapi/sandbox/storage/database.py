"""A database as a whole: creating, verifying, migrating and replacing it."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from .content import InvalidContentError, verify_content
from .migrations import copy_older
from .schema import SCHEMA, VERSION


class UnusableDatabaseError(Exception):
    """A database cannot be used; the message continues a sentence about it."""


def connect(path: str | Path) -> sqlite3.Connection:
    """Open a database for use by any thread, one at a time."""
    return sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        timeout=0.5,
    )


def connect_private(path: str | Path) -> sqlite3.Connection:
    """Open a temporary database, which need not survive the process."""
    db = connect(path)
    db.execute("PRAGMA journal_mode = MEMORY")
    db.execute("PRAGMA synchronous = OFF")
    return db


def copied(db: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Copy a database to a new file, and open that as a temporary database."""
    copy = connect_private(path)
    try:
        db.backup(copy)
        # The journal mode is copied too, and the one of a kept database needs a second file.
        copy.execute("PRAGMA journal_mode = MEMORY")
    except BaseException:
        copy.close()
        raise
    return copy


def create(db: sqlite3.Connection) -> None:
    """Create the tables in an empty database."""
    db.execute("BEGIN")
    for statement in SCHEMA.split(";\n"):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def empty_like(db: sqlite3.Connection) -> sqlite3.Connection:
    """Return a temporary database in memory, with the current schema and pages of the same size."""
    empty = connect_private(":memory:")
    # Later, the size of pages in memory can no longer be changed.
    empty.execute(f"PRAGMA page_size = {_page_size(db)}")
    create(empty)
    return empty


def replace(db: sqlite3.Connection, source: sqlite3.Connection) -> None:
    """Replace the content of a database, all or nothing, and return unused disk space.

    Args:
        db: The database.
        source: A temporary database with the new content; its pages get the size of those of
            ``db``.

    Raises:
        sqlite3.Error: If that fails, for instance because the disk is full; nothing is changed.
    """
    if _page_size(source) != _page_size(db):
        source.execute(f"PRAGMA page_size = {_page_size(db)}")
        source.execute("VACUUM")
    try:
        source.backup(db)
    finally:
        # The new content is committed, or the old one still is. Without room for this step, the
        # log of changes stays for now.
        with suppress(sqlite3.OperationalError):
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _page_size(db: sqlite3.Connection) -> int:
    (size,) = db.execute("PRAGMA page_size").fetchone()
    return int(size)


def verify(db: sqlite3.Connection) -> None:
    """Check that a database is one of a sandbox and intact; migrate one of an older version.

    Raises:
        UnusableDatabaseError: If it is not; nothing is changed then.
    """
    try:
        _verify(db)
    except sqlite3.Error as error:
        raise UnusableDatabaseError(f"cannot be read: {error}") from None


def _verify(db: sqlite3.Connection) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise UnusableDatabaseError(
            f"has schema version {version}; this version of scaleapi reads versions up to {VERSION}"
        )
    (problem,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if problem != "ok":
        raise UnusableDatabaseError(f"is corrupt: {' '.join(problem.split())}")
    if version < VERSION:
        _migrate(db, version)
    (encoding,) = db.execute("PRAGMA encoding").fetchone()
    if _schema(db) != _current_schema() or encoding != "UTF-8":
        raise UnusableDatabaseError("was not created by a sandbox")
    try:
        verify_content(db)
    except InvalidContentError as error:
        raise UnusableDatabaseError(f"is corrupt: {error}") from None


def _migrate(db: sqlite3.Connection, version: int) -> None:
    """Replace a database of an older version by a copy with the current schema."""
    if version < 1:
        raise UnusableDatabaseError("was not created by a sandbox")
    with tempfile.TemporaryDirectory() as folder:
        copy = connect_private(Path(folder, "migrated.db"))
        try:
            create(copy)
            copy_older(db, version, Path(folder, "migrated.db"))
            replace(db, copy)
        except sqlite3.Error as error:
            raise UnusableDatabaseError(
                f"has schema version {version} but cannot be migrated: {error}"
            ) from None
        finally:
            copy.close()


def _schema(db: sqlite3.Connection) -> list[tuple[str, ...]]:
    return db.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
    ).fetchall()


@lru_cache(maxsize=1)
def _current_schema() -> list[tuple[str, ...]]:
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        create(db)
        return _schema(db)
    finally:
        db.close()
