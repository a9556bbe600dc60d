"""The SQLite database.

A resource is a JSON document, stored as the text of responses, plus a row with the fields that
lists filter and sort by. Lists and counts use indexes on these rows and read only the documents
that they return.
"""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ..base.documents import JsonObject, dumps
from ..base.errors import Refusal, StartError, conflict
from . import database, snapshots, staging
from .ids import Ids
from .tables import TableSpec

SqlValue = str | int | float | bytes | None

_MAX_CACHED_TOTALS = 1000


class Account(NamedTuple):
    """The account, which both modes share.

    Attributes:
        id: Its id, 24 hex digits.
        secret: The key that signs its links.
        ahead: Offset of the clock from real time, in seconds.
        frozen_at: The time at which the clock is frozen, if it is.
    """

    id: str
    secret: bytes
    ahead: float
    frozen_at: str | None


class DocumentTable:
    """The resources of one kind and mode, within one transaction."""

    def __init__(self, db: sqlite3.Connection, table: TableSpec, mode: str) -> None:
        self._db = db
        self._table = table
        self._mode = mode

    def text(self, identity: str) -> str | None:
        """Return the JSON text of a resource, or None."""
        row = self._db.execute(
            f"SELECT body FROM {self._table.name} JOIN documents USING (key)"
            f" WHERE {self._table.identity} = ? AND world = ?",
            (identity, self._mode),
        ).fetchone()
        return row[0] if row else None

    def get(self, identity: str) -> JsonObject | None:
        """Return a resource, or None."""
        text = self.text(identity)
        return None if text is None else json.loads(text)

    def find(self, column: str, value: str) -> JsonObject | None:
        """Return the resource with this value in a unique column, or None."""
        row = self._db.execute(
            f"SELECT body FROM {self._table.name} JOIN documents USING (key)"
            f" WHERE {column} = ? AND world = ?",
            (value, self._mode),
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def all(self, order: str) -> list[JsonObject]:
        """Return all resources, ordered by the given columns."""
        rows = self._db.execute(
            f"SELECT body FROM {self._table.name} JOIN documents USING (key)"
            f" WHERE world = ? ORDER BY {order}",
            (self._mode,),
        )
        return [json.loads(body) for (body,) in rows]

    def column(self, identity: str, column: str) -> Any:
        """Return a column of an existing resource."""
        row = self._db.execute(
            f"SELECT {column} FROM {self._table.name}"
            f" WHERE {self._table.identity} = ? AND world = ?",
            (identity, self._mode),
        ).fetchone()
        return row[0]

    def add(self, document: JsonObject, **columns: SqlValue) -> int:
        """Store a new resource, with extra columns that are not in its document.

        Returns:
            The key of its row.
        """
        key = self._db.execute("INSERT INTO documents (body) VALUES (?)", (dumps(document),))
        row = {"key": key.lastrowid, "world": self._mode} | self._row(document) | columns
        self._db.execute(
            f"INSERT INTO {self._table.name} ({', '.join(row)})"
            f" VALUES ({', '.join('?' * len(row))})",
            tuple(row.values()),
        )
        return int(row["key"] or 0)

    def change(self, document: JsonObject, **columns: SqlValue) -> int:
        """Store the new state of an existing resource.

        Returns:
            The key of its row.
        """
        identity = document[self._table.identity]
        key = int(self.column(identity, "key"))
        row = self._row(document) | columns
        self._db.execute(
            f"UPDATE {self._table.name} SET {', '.join(f'{name} = ?' for name in row)}"
            " WHERE key = ?",
            (*row.values(), key),
        )
        self._db.execute("UPDATE documents SET body = ? WHERE key = ?", (dumps(document), key))
        return key

    def _row(self, document: JsonObject) -> dict[str, SqlValue]:
        return {field: document.get(field) for field in self._table.fields}


class Store:
    """A SQLite database in memory or in a file.

    Args:
        path: The database file; by default the database is in memory.
        random_seed: Makes ids the same on every run.

    Attributes:
        ids: Makes ids of new resources.
        lock: Held during each transaction. Hold it to make several one step.

    Raises:
        StartError: If the file cannot be read, is in use by another process, is corrupt or was
            written by a newer version.
    """

    def __init__(self, path: str | Path | None = None, random_seed: int | None = None) -> None:
        self.ids = Ids(random_seed)
        self.lock = threading.RLock()
        self._totals: dict[tuple[str, tuple[SqlValue, ...]], int] = {}
        self._replacements = 0
        try:
            self._db = database.connect(":memory:" if path is None else path)
        except sqlite3.Error as error:
            raise StartError(f"The database {path} cannot be opened: {error}.") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._db.close()
            raise StartError(f"The database {path} cannot be used: {error}.") from error
        except database.UnusableDatabaseError as error:
            self._db.close()
            raise StartError(f"The database {path} {error}.") from None

    def _prepare(self) -> None:
        # One process owns the file; a second one fails at once.
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version or self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
            database.verify(self._db)
        else:
            self._replace_by_empty(*self.ids.account(), origin="")
        self._db.execute("PRAGMA journal_mode = WAL")
        # A commit survives the process; only a power failure may lose the last ones.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self.ids.continue_after(self._db)

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """Open an exclusive transaction: commit at the end, roll back on an error.

        Raises:
            Refusal: If the disk is full (507).
        """
        with self.lock, _full_disk_refused():
            changes = self._db.total_changes
            self._db.execute("BEGIN")
            try:
                yield self._db
                self._db.execute("COMMIT")
            finally:
                # A full disk may have ended it already.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if self._db.total_changes != changes:
                    self._totals.clear()

    def total(self, query: str, values: Sequence[SqlValue]) -> int:
        """Return the result of a ``SELECT COUNT(*)``, cached until something changes."""
        cache_key = (query, tuple(values))
        if cache_key not in self._totals:
            if len(self._totals) >= _MAX_CACHED_TOTALS:
                self._totals.clear()
            self._totals[cache_key] = int(self._db.execute(query, values).fetchone()[0])
        return self._totals[cache_key]

    @contextmanager
    def staged(self) -> Generator[Store]:
        """Open a private copy for a long change; at the end, take over all that it added.

        The store can be used meanwhile, as long as nobody else changes the same resources.

        Raises:
            Refusal: If the store was reset or restored meanwhile (409). Nothing is changed then.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "staged.db")
            with self.lock:
                copy = _Copy(database.copied(self._db, path), self.ids)
                replacements = self._replacements
            try:
                keys = staging.start(copy._db)
                yield copy
            finally:
                copy.close()
            with self.lock, _full_disk_refused():
                if self._replacements != replacements:
                    raise conflict("The sandbox was reset or restored meanwhile.")
                staging.take_over(self._db, path, keys)
                self.ids.continue_after(self._db, replaced=False)
                self._totals.clear()

    def clear(self) -> None:
        """Delete everything except the account, and give the disk space back."""
        with self.lock, _full_disk_refused():
            kept = self._db.execute("SELECT id, secret, origin FROM account").fetchone()
            self._replace_by_empty(*kept)

    def _replace_by_empty(self, account_id: str, secret: bytes, origin: str) -> None:
        with closing(database.empty_like(self._db)) as empty:
            empty.execute(
                "INSERT INTO account (id, secret, origin) VALUES (?, ?, ?)",
                (account_id, secret, origin),
            )
            self._replace(empty)

    def _replace(self, source: sqlite3.Connection) -> None:
        """Replace everything, all or nothing."""
        with self.lock:
            database.replace(self._db, source)
            self._replacements += 1
            self._totals.clear()
            self.ids.continue_after(self._db)

    def account(self) -> Account:
        """Return the account."""
        with self.lock:
            return Account(
                *self._db.execute("SELECT id, secret, ahead, frozen_at FROM account").fetchone()
            )

    def store_clock(self, ahead: float, frozen_at: str | None) -> None:
        """Store the offset of the clock from real time, and the time at which it is frozen."""
        with self.transaction() as db:
            db.execute("UPDATE account SET ahead = ?, frozen_at = ?", (ahead, frozen_at))

    def rewrite_links(self, origin: str) -> None:
        """Rewrite links to result files to this URL, whose port may be new."""
        with self.transaction() as db:
            _rewrite_links(db, origin)

    def snapshot(self) -> bytes:
        """Return a snapshot of the database: a SQLite file with a checksum at its end."""
        file = io.BytesIO()
        self.write_snapshot(file)
        return file.getvalue()

    def write_snapshot(self, file: BinaryIO) -> None:
        """Write a snapshot of the database to a file."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "snapshot.db")
            with self.lock:
                copy = database.copied(self._db, path)
            copy.close()
            snapshots.write(path, file)

    def restore(
        self,
        snapshot: bytes | snapshots.Readable,
        origin: str = "",
        restored: Callable[[], object] = lambda: None,
    ) -> None:
        """Restore a snapshot, all or nothing.

        Args:
            snapshot: The snapshot, or a file with it.
            origin: The URL of links to result files.
            restored: Called before anybody else can use the store.

        Raises:
            Refusal: If the snapshot is not intact (400) or there is no room for it (507).
        """
        file = io.BytesIO(snapshot) if isinstance(snapshot, bytes) else snapshot
        with snapshots.opened(file) as source:
            _rewrite_links(source, origin)
            with self.lock:
                with _full_disk_refused():
                    self._replace(source)
                restored()

    def close(self) -> None:
        """Close the database."""
        with self.lock:
            self._db.close()


class _Copy(Store):
    """A temporary copy of a store."""

    def __init__(self, db: sqlite3.Connection, ids: Ids) -> None:
        self.ids = ids
        self.lock = threading.RLock()
        self._totals = {}
        self._db = db


@contextmanager
def _full_disk_refused() -> Generator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" not in str(error):
            raise
        raise Refusal(507, f"The sandbox has no room for this: {error}.") from None


def _rewrite_links(db: sqlite3.Connection, origin: str) -> None:
    (before,) = db.execute("SELECT origin FROM account").fetchone()
    if before == origin:
        return
    db.execute("UPDATE account SET origin = ?", (origin,))
    db.execute(
        "UPDATE documents SET body = replace(body, ?, ?) WHERE key IN"
        " (SELECT tasks.key FROM contents JOIN tasks USING (task_id))",
        (f'"{before}/v1/task/', f'"{origin}/v1/task/'),
    )
