"""Profiles: the accounts of a person, in a file that nobody else can read.

The file is ``$XDG_CONFIG_HOME/scaleapi/profiles.ini``, by default in ``~/.config``. API keys are
read from it, from ``SCALE_API_KEY`` or from a prompt, never from arguments: other users of a
machine can see the arguments of a process, and shells write them to a history.
"""

from __future__ import annotations

import configparser
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from .errors import UsageError

__all__ = ["DEFAULT", "Profile", "Profiles"]

#: The profile that is used if none is named.
DEFAULT = "default"

_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700


class Profile(NamedTuple):
    """An account and the service that it belongs to.

    Attributes:
        api_key: The account's key.
        url: The URL of the service, ``None`` for the public one.
        callback_secret: The callback auth key of the account.
    """

    api_key: str
    url: str | None = None
    callback_secret: str | None = None

    def __repr__(self) -> str:
        return f"Profile(url={self.url!r})"


class Profiles:
    """The profiles in a file.

    Args:
        file: The file; by default the one of this user.

    Raises:
        UsageError: If the file cannot be read, or if other users can read it.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = _default_file() if file is None else file
        # No interpolation: keys may contain "%".
        self._parser = configparser.ConfigParser(interpolation=None, default_section="")
        self._read()

    def _read(self) -> None:
        try:
            with self.file.open(encoding="utf-8") as file:
                _check_private(self.file, os.fstat(file.fileno()))
                self._parser.read_file(file)
        except FileNotFoundError:
            return
        except (OSError, UnicodeError) as error:
            raise UsageError(f"cannot read {self.file}: {error}") from None
        except configparser.Error:
            # The error shows lines of the file, which may contain a key.
            raise UsageError(f"{self.file} is not a valid profiles file") from None

    def names(self) -> list[str]:
        """Return the names of all profiles."""
        return self._parser.sections()

    def get(self, name: str) -> Profile | None:
        """Return a profile, ``None`` if there is none of this name.

        Raises:
            UsageError: If it has no key.
        """
        if not self._parser.has_section(name):
            return None
        section = self._parser[name]
        key = section.get("api_key", "").strip()
        if not key:
            raise UsageError(f"profile {name!r} in {self.file} has no api_key")
        return Profile(key, section.get("url") or None, section.get("callback_secret") or None)

    def set(self, name: str, profile: Profile) -> None:
        """Store a profile, instead of an earlier one of this name.

        Raises:
            UsageError: If the name cannot be used, or the file cannot be written.
        """
        if not name or name != name.strip() or not name.isprintable() or "]" in name:
            raise UsageError(f"{name!r} cannot be the name of a profile")
        values = {key: value for key, value in profile._asdict().items() if value is not None}
        if any("\n" in value or "\r" in value for value in values.values()):
            raise UsageError("a key, secret or URL must not contain line breaks")
        self._parser[name] = values
        self._write()

    def remove(self, name: str) -> None:
        """Delete a profile.

        Raises:
            UsageError: If there is none of this name, or the file cannot be written.
        """
        if not self._parser.remove_section(name):
            raise UsageError(f"there is no profile {name!r} in {self.file}")
        self._write()

    def _write(self) -> None:
        """Replace the file: a crash in the middle leaves the old one."""
        try:
            file_itself = self.file.resolve()  # a link to it stays one
            file_itself.parent.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
            # Made by mkstemp, so it is private from the beginning.
            handle, name = tempfile.mkstemp(dir=file_itself.parent, prefix=f".{file_itself.name}")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    self._parser.write(file)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(file_itself)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise UsageError(f"cannot write {self.file}: {error}") from None


def _default_file() -> Path:
    variable = "APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME"
    try:
        base = Path(os.environ.get(variable) or Path.home() / ".config")
    except RuntimeError as error:
        raise UsageError(f"cannot find the home folder: {error}") from None
    return base / "scaleapi" / "profiles.ini"


def _check_private(file: Path, status: os.stat_result) -> None:
    """Raise an error if somebody else can read or write a file that has keys."""
    if sys.platform != "win32" and stat.S_IMODE(status.st_mode) & ~_PRIVATE_FILE & 0o077:
        raise UsageError(f"other users can read {file}; run: chmod 600 {file}")
