"""The journal of a bulk creation: what was sent and what became of it, row by row.

A file of JSON lines that is only appended to. Each line is one write, so that it is with the
operating system before the call that it announces: it survives the death of the process.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
import threading
import time
import weakref
from array import array
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from .._arguments import shown
from .._http.response import JSONObject
from ..exceptions import ScaleArgumentError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Entry", "Journal"]

#: The first key of a journal, and its version.
_MARK, _VERSION = "scaleapi_journal", 1

#: Seconds between two calls of fsync, for the case of a power failure.
_SYNC_EVERY = 1.0

#: Rows in succession that may have no line, as they could not be read; more is damage.
_WIDEST_GAP = 10**7

#: Bytes. A longer line is damage: a file without lines must not fill the memory.
_LONGEST_LINE = 1 << 20


class Entry(NamedTuple):
    """What the journal says of a row.

    Attributes:
        key: The idempotency key that it was sent under.
        task_id: The id of its task, ``None`` if it is not known to have one.
    """

    key: str
    task_id: str | None


class Journal:
    """The journal in a file, held by this object alone until it is closed.

    Args:
        path: The file. It is made if it does not exist.
        header: What the journal is about; that of an existing one must be the same. ``None`` is
            a value like others.

    Raises:
        ScaleArgumentError: The file is not a journal, is one about something else, is damaged, is
            in use, or cannot be opened.
    """

    def __init__(self, path: str | os.PathLike[str], header: Mapping[str, str | None]) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._closed = False
        self._offsets = array("q")  # of the last line of each row, -1 for none
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | _BINARY, 0o666)
        except (OSError, ValueError) as error:
            raise self._wrong(f"cannot be opened: {error}") from error
        try:
            if not stat.S_ISREG(os.fstat(self._file).st_mode):
                raise self._wrong("is not a file on a disk")
            self._take()
            # With a position of its own. Not opened later: the path may be relative, or move.
            self._earlier = self._path.open("rb")
        except BaseException:
            os.close(self._file)
            raise
        try:
            self._size = self._read(header)
            self._synced = time.monotonic()
            if self._size == 0:
                self._append({_MARK: _VERSION, **header})
                self._sync()
        except BaseException:
            self._release()
            raise
        _open.add(self)

    def _wrong(self, problem: str) -> ScaleArgumentError:
        return ScaleArgumentError("journal", f"{str(self._path)!r} {problem}")

    def _take(self) -> None:
        """Make sure that nobody else writes."""
        try:
            _lock(self._file)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                problem = "is in use by another program or call: wait, or give each its own"
                raise self._wrong(problem) from None
            # Some network file systems have no locks. Then it is up to the caller.

    def _read(self, header: Mapping[str, str | None]) -> int:
        """Read what there is; return the size without a torn last line."""
        size = 0
        with open(self._file, "rb", closefd=False) as lines:
            for number, line in enumerate(iter(lambda: lines.readline(_LONGEST_LINE), b"")):
                entry = _parsed(line)
                if entry is None:
                    if not self._is_torn(number, line, bool(lines.read(1))):
                        raise self._wrong(f"is damaged: line {number + 1} is {shown(line)}")
                    break
                if number == 0:
                    self._check(entry, header)
                else:
                    self._index(entry, number, size)
                size += len(line)
        os.ftruncate(self._file, size)
        os.lseek(self._file, size, os.SEEK_SET)
        return size

    def _is_torn(self, number: int, line: bytes, more: bool) -> bool:
        """Return whether a line is the last one, of which only a part was written."""
        if number == 0:
            begin = f'{{"{_MARK}"'.encode()
            if not line.startswith(begin[: len(line)]):
                raise self._wrong("is not a journal: give another path, or none that exists")
        return not more

    def _check(self, found: JSONObject, header: Mapping[str, str | None]) -> None:
        if found.get(_MARK) != _VERSION:
            version = found.get(_MARK)
            problem = "is not a journal" if version is None else f"is of version {shown(version)}"
            raise self._wrong(f"{problem}: give another path, or none that exists")
        for name, value in header.items():
            if found.get(name) != value:
                what = name.replace("_", " ")
                detail = "" if name in _OPAQUE else f": {shown(found.get(name))}, not {value!r}"
                raise self._wrong(
                    f"belongs to a run with another {what}{detail}."
                    " Repeat that run, or give another journal"
                )

    def _index(self, entry: JSONObject, number: int, offset: int) -> None:
        row = entry.get("row")
        if not isinstance(row, int) or isinstance(row, bool) or row < 0:
            raise self._wrong(f"is damaged: line {number + 1} has no row number")
        missing = row + 1 - len(self._offsets)
        if missing > _WIDEST_GAP:
            raise self._wrong(f"is damaged: line {number + 1} has no row number")
        if not isinstance(entry.get("task_id", ""), str):
            raise self._wrong(f"is damaged: line {number + 1} has no task_id")
        if missing > 0:
            self._offsets.extend(array("q", [-1]) * missing)
        self._offsets[row] = offset

    def entry(self, row: int) -> Entry | None:
        """Return what earlier runs noted of a row, ``None`` if it was never sent."""
        if row >= len(self._offsets) or self._offsets[row] < 0:
            return None
        self._earlier.seek(self._offsets[row])
        found = _parsed(self._earlier.readline()) or {}
        return Entry(str(found.get("key")), found.get("task_id"))

    def sending(self, row: int, key: str) -> None:
        """Note that a row is about to be sent.

        Raises:
            OSError: The note could not be written: do not send it.
        """
        self._append({"row": row, "key": key, "sent": round(time.time(), 3)})

    def created(self, row: int, key: str, task_id: str) -> None:
        """Note that a row has its task."""
        self._append({"row": row, "key": key, "task_id": task_id})

    def failed(self, row: int, key: str, error: BaseException) -> None:
        """Note why a row has none. The next run tries it again."""
        self._append({"row": row, "key": key, "error": f"{type(error).__name__}: {error}"[:500]})

    def _append(self, entry: Mapping[str, object]) -> None:
        line = json.dumps(entry).encode() + b"\n"
        with self._lock:
            if self._closed:  # a thread that outlived the run: its row is sent again by the next
                raise OSError(errno.EBADF, "The journal is closed", str(self._path))
            try:
                written = os.write(self._file, line)
                if written < len(line):
                    os.write(self._file, line[written:])  # says why
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except OSError as error:
                self._forget_torn_line()
                raise OSError(
                    error.errno,
                    f"The journal cannot be written ({error.strerror}), so nothing more is sent."
                    " Nothing is lost: run again when it can",
                    str(self._path),
                ) from error
            self._size += len(line)
            due = time.monotonic() - self._synced > _SYNC_EVERY
            if due:
                self._synced = time.monotonic()
        if due:
            self._sync()  # without the lock, so that the other threads go on

    def _forget_torn_line(self) -> None:
        with suppress(OSError):  # if it stays, the next run ignores it
            os.ftruncate(self._file, self._size)
            os.lseek(self._file, self._size, os.SEEK_SET)

    def _sync(self) -> None:
        with suppress(OSError):  # pipes and some file systems cannot
            os.fsync(self._file)

    def close(self) -> None:
        """Let others have the file."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._sync()
            self._release()

    def _release(self) -> None:
        _open.discard(self)
        self._earlier.close()
        os.close(self._file)

    def leave_to_parent(self) -> None:
        """Let go of the file in a process that was forked: it would keep the lock of the other."""
        self._lock = threading.Lock()  # a thread that is not here any more may have held it
        self._closed = True
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


#: The journals that are held now.
_open: weakref.WeakSet[Journal] = weakref.WeakSet()


def _leave_to_parent() -> None:
    for journal in list(_open):
        journal.leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_parent)

#: Parts of the header that say nothing to a reader.
_OPAQUE = ("input_file", "account")

_BINARY = getattr(os, "O_BINARY", 0)


def _parsed(line: bytes) -> JSONObject | None:
    """Return the object on a whole line, ``None`` if there is none."""
    try:
        entry = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        os.lseek(file, 1 << 40, os.SEEK_SET)  # locked bytes cannot be read: none that is there
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(file, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
