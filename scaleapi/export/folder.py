"""The folder that an export is in: local, or at a URL that fsspec knows."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .._arguments import shown
from ..exceptions import ScaleArgumentError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Folder", "again_if_removed", "check_place", "flush", "path_text"]

_T = TypeVar("_T")

#: Readers of Parquet and Arrow skip files whose names begin with an underscore.
_TEMPORARY = "_temporary-"


class Folder:
    """A folder whose files appear whole or not at all.

    A local file is written under a temporary name and renamed. A remote one is written to a local
    temporary file and uploaded; object stores such as S3 show it only when all of it is there.

    It can be pickled, for workers in other processes and on other machines.

    Args:
        root: A path, or a URL such as ``s3://bucket/out``.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._is_remote = "://" in root

    @classmethod
    def of(cls, argument: str, path: object) -> Self:
        """Return the folder that a caller gave.

        Args:
            argument: The argument's name, for the error.
            path: What the caller gave.

        Raises:
            ScaleArgumentError: It is not a path, or that of a file, or a URL of a kind that fsspec
                does not know.
            ImportError: It is a URL and fsspec is not installed.
        """
        root = path_text(argument, path, "the path or URL of a folder")
        folder = cls(root if "://" in root else str(Path(root).absolute()))
        if not folder._is_remote:
            check_place(argument, Path(folder.root))
        if folder._is_remote:
            try:
                folder._remote()
            except ValueError as error:
                raise ScaleArgumentError(
                    argument, f"must be the path or URL of a folder: {error}"
                ) from None
        return folder

    def __repr__(self) -> str:
        return f"Folder({self.root!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Folder) and self._normal == other._normal

    def __hash__(self) -> int:
        return hash(self._normal)

    @property
    def _normal(self) -> str:
        return self.root.rstrip("/") if self._is_remote else os.path.realpath(self.root)

    def _remote(self) -> tuple[Any, str]:
        """Return the file system of fsspec, and the path in it."""
        try:
            url_to_fs = import_module("fsspec.core").url_to_fs
        except ImportError:
            raise ImportError(
                f'{self.root} needs fsspec: pip install "scaleapi[cloud]", and the package of'
                " your store, such as s3fs or gcsfs"
            ) from None
        system, path = url_to_fs(self.root)
        return system, str(path).rstrip("/")

    def exists(self, name: str) -> bool:
        """Return whether there is a file of this name."""
        if self._is_remote:
            system, root = self._remote()
            return bool(system.exists(f"{root}/{name}"))
        return Path(self.root, name).exists()

    def read(self, name: str) -> bytes | None:
        """Return the content of a small file, ``None`` if there is none of this name."""
        try:
            if self._is_remote:
                system, root = self._remote()
                return bytes(system.cat_file(f"{root}/{name}"))
            return Path(self.root, name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a small file."""

        def write() -> None:
            with self.new_file(name) as path:
                path.write_bytes(content)

        again_if_removed(write)

    def write_if_absent(self, name: str, content: bytes) -> bool:
        """Write a small file unless there is one of this name; return whether it was written.

        Of two local processes that do so at once, one succeeds.
        """
        if self._is_remote:
            if self.exists(name):
                return False
            self.write(name, content)
            return True
        return again_if_removed(lambda: self._link(name, content))

    def _link(self, name: str, content: bytes) -> bool:
        with self.temporary(name) as path:
            path.write_bytes(content)
            flush(path)
            final = Path(self.root, name)
            try:
                os.link(path, final)
            except FileExistsError:
                return False
            except OSError:  # a file system without links
                if final.exists():
                    return False
                path.replace(final)
        return True

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            if self._is_remote:
                system, root = self._remote()
                system.rm_file(f"{root}/{name}")
            else:
                Path(self.root, name).unlink()

    def remove_leftovers(self) -> None:
        """Remove what processes that were killed have left under temporary names."""
        if not self._is_remote:
            for path in Path(self.root).rglob(f"{_TEMPORARY}*"):
                path.unlink(missing_ok=True)

    @contextmanager
    def open(self, name: str) -> Generator[Path]:
        """Yield a local path from which a file can be read; that of a copy if it is remote."""
        if not self._is_remote:
            yield Path(self.root, name)
            return
        system, root = self._remote()
        with self.temporary(name) as path:
            system.get_file(f"{root}/{name}", str(path))
            yield path

    @contextmanager
    def new_file(self, name: str) -> Generator[Path]:
        """Yield a local path to write a file to, which appears under its name after the block.

        If the block raises, the file does not appear.

        Raises:
            FileNotFoundError: Another process has removed the temporary file.
        """
        with self.temporary(name) as path:
            yield path
            flush(path)
            self.put(path, name)

    def put(self, path: Path, name: str) -> None:
        """Let a file that is complete appear under its name."""
        if self._is_remote:
            system, root = self._remote()
            system.makedirs(f"{root}/{name}".rpartition("/")[0], exist_ok=True)
            system.put_file(str(path), f"{root}/{name}")
        else:
            path.replace(Path(self.root, name))

    @contextmanager
    def temporary(self, name: str) -> Generator[Path]:
        """Yield a local path to write a file to, which is removed after the block."""
        suffix = name.rpartition("/")[2]
        if self._is_remote:
            place = Path(tempfile.gettempdir())
        else:
            place = Path(self.root, name).parent
            place.mkdir(parents=True, exist_ok=True)
        path = place / f"{_TEMPORARY}{uuid.uuid4().hex}-{suffix}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


def path_text(argument: str, path: object, expected: str) -> str:
    """Return the text of a path that a caller gave.

    Args:
        argument: The argument's name, for the error.
        path: What the caller gave.
        expected: What it should be.

    Raises:
        ScaleArgumentError: It is not a path.
    """
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(text, str) or not text:
        raise ScaleArgumentError(argument, f"must be {expected}, not {shown(path)}")
    try:
        is_name = b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        is_name = False
    if not is_name:
        raise ScaleArgumentError(
            argument, f"must be {expected}, without characters that no file has, not {shown(text)}"
        )
    return text


def check_place(argument: str, path: Path) -> None:
    """Check that a path is, or could be, that of a folder.

    Raises:
        ScaleArgumentError: It is that of a file, or leads through one.
    """
    there = next((place for place in (path, *path.parents) if os.path.lexists(place)), path)
    if os.path.exists(there) and not os.path.isdir(there):  # noqa: PTH110, PTH112 - never raise
        raise ScaleArgumentError(argument, f"must be a folder, but {shown(str(there))} is a file")


def again_if_removed(write: Callable[[], _T]) -> _T:
    """Write a file, and once more if its temporary file is removed.

    Another process that finishes an export in the same folder does so: it cannot tell a file that
    is being written from one that a killed process has left.
    """
    try:
        return write()
    except FileNotFoundError:
        return write()


def flush(path: Path) -> None:
    """Have the content on the disk before the name is: a crash must not leave an empty file."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
