"""What a command works with: the client of the chosen profile, the output, and consent."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from .._http.settings import SCALE_API_BASE_URL_V1
from ..client import ScaleClient
from .errors import UsageError
from .output import Output
from .profiles import DEFAULT, Profile, Profiles

if TYPE_CHECKING:
    import argparse

__all__ = ["Context"]


class Context:
    """The surroundings of one command.

    Args:
        options: The parsed arguments.

    Attributes:
        options: The parsed arguments.
        output: Prints what the command found.
        failed: Whether a part of the work failed, though all results were printed.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.output = Output(options.json)
        self.failed = False

    @cached_property
    def profile(self) -> Profile:
        """The account: of ``--profile``, else of the environment, else the default profile.

        Raises:
            UsageError: If there is none.
        """
        key = os.environ.get("SCALE_API_KEY")
        if self._profile_name is None and key:
            return Profile(key, os.environ.get("SCALE_API_INSTANCE_URL") or None)
        stored = self._stored_profile
        if stored is None:
            raise UsageError(
                "no API key: set SCALE_API_KEY, or store one with `scaleapi profiles add default`"
            )
        return stored

    @property
    def callback_secret(self) -> str | None:
        """The callback auth key, from the environment or the profile. No API key is needed.

        Raises:
            UsageError: If there is no such profile.
        """
        secret = os.environ.get("SCALE_CALLBACK_SECRET")
        if self._profile_name is None and (secret or os.environ.get("SCALE_API_KEY")):
            return secret
        return None if self._stored_profile is None else self._stored_profile.callback_secret

    @property
    def _profile_name(self) -> str | None:
        return self.options.profile or os.environ.get("SCALE_PROFILE")

    @cached_property
    def _stored_profile(self) -> Profile | None:
        """The profile that was named, else the default one; ``None`` if there is no default."""
        name, profiles = self._profile_name, Profiles()
        profile = profiles.get(name or DEFAULT)
        if profile is None and name is not None:
            raise UsageError(f"there is no profile {name!r} in {profiles.file}")
        return profile

    @cached_property
    def client(self) -> ScaleClient:
        """The client of the profile's account."""
        key, url, _ = self.profile
        # A key belongs to the URL of its profile: that of the environment must not replace it.
        return ScaleClient(key, "scaleapi-cli", url or SCALE_API_BASE_URL_V1)

    def confirm(self, action: str) -> None:
        """Ask before something that costs money or reaches people.

        Test keys cause neither, so nothing is asked for them.

        Args:
            action: What will be done, as in ``create 1 task``.

        Raises:
            UsageError: If the answer is no, or if there is nobody to ask.
        """
        if self.options.yes or self.profile.api_key.startswith("test_"):
            return
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(f"this would {action} with a live key: add --yes to do it in a script")
        self.output.say(f"This will {action} with a live key. Continue? [y/N]")
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise UsageError("nothing was done")
