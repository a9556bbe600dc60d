"""Snapshots: a database file, followed by a checksum.

SQLite opens a snapshot like any database: it ignores what follows the last page.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from ..base.errors import Refusal, bad_request
from .database import UnusableDatabaseError, connect_private, verify
from .schema import VERSION

_MARK = b"scaleapi snapshot "
_SEAL_SIZE = len(_MARK) + hashlib.sha256().digest_size
_FIRST_SEALED = 3
"""The first version of the schema whose snapshots have a checksum."""

_PIECE = 1_048_576


class Readable(Protocol):
    """Something to read a snapshot from."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most ``size``; none at the end."""
        ...


def write(database: Path, file: BinaryIO) -> None:
    """Write a database file with its checksum."""
    checksum = hashlib.sha256()
    with database.open("rb") as source:
        while piece := source.read(_PIECE):
            checksum.update(piece)
            file.write(piece)
    file.write(_MARK + checksum.digest())


@contextmanager
def opened(snapshot: Readable) -> Generator[sqlite3.Connection]:
    """Copy a snapshot to a temporary database, verify and open it.

    Raises:
        Refusal: If it is not an intact snapshot (400) or there is no room for it (507).
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "snapshot.db")
        try:
            with path.open("wb") as file:
                while piece := snapshot.read(_PIECE):
                    file.write(piece)
            _remove_seal(path)
            db = connect_private(path)
        except OSError as error:
            raise Refusal(507, f"The snapshot cannot be stored: {error.strerror}.") from None
        except UnusableDatabaseError as error:
            raise bad_request(f"The snapshot {error}.") from None
        except sqlite3.Error as error:
            raise bad_request(f"The snapshot cannot be read: {error}.") from None
        try:
            verify(db)
            yield db
        except UnusableDatabaseError as error:
            raise bad_request(f"The snapshot {error}.") from None
        finally:
            db.close()


def _remove_seal(path: Path) -> None:
    """Verify the checksum and remove it; older snapshots have none."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END) - _SEAL_SIZE
        file.seek(max(0, size))
        seal = file.read()
        if not seal.startswith(_MARK):
            if _FIRST_SEALED <= _version(file) <= VERSION:
                raise UnusableDatabaseError("is incomplete or was changed")
            return
        file.seek(0)
        checksum = hashlib.sha256()
        left = size
        while left > 0 and (piece := file.read(min(left, _PIECE))):
            checksum.update(piece)
            left -= len(piece)
        if seal != _MARK + checksum.digest():
            raise UnusableDatabaseError("is incomplete or was changed")
        file.truncate(size)


def _version(file: BinaryIO) -> int:
    """Return the version in the header of a database, the way SQLite stores it."""
    file.seek(60)
    return int.from_bytes(file.read(4), "big")
