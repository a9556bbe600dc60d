"""``scaleapi profiles``."""

from __future__ import annotations

import getpass
import sys

from .._http.settings import check_base_url, check_key
from .arguments import Commands, add_command, add_noun
from .context import Context
from .errors import UsageError
from .profiles import Profile, Profiles

__all__ = ["add_commands"]


def add_commands(nouns: Commands) -> None:
    """Add the commands of this noun."""
    verbs = add_noun(nouns, "profiles", "Store the keys of accounts, readable by you only.")
    add_command(verbs, "list", "List the profiles, without their keys.", _list)
    adding = add_command(
        verbs,
        "add",
        "Store a profile. The key is asked for, or read from the first line of standard input.",
        _add,
    )
    adding.add_argument("name", metavar="NAME", help='"default" is used if no profile is named')
    adding.add_argument("--url", metavar="URL", help="URL of the service")
    adding.add_argument(
        "--callback-secret", action="store_true", help="ask for the callback auth key as well"
    )
    removing = add_command(verbs, "remove", "Delete a profile.", _remove)
    removing.add_argument("name", metavar="NAME")


def _list(context: Context) -> None:
    profiles = Profiles()
    rows = []
    for name in profiles.names():
        profile = profiles.get(name)
        if profile is not None:
            mode = "test" if profile.api_key.startswith("test_") else "live"
            rows.append({"name": name, "mode": mode, "url": profile.url})
    context.output.rows(rows, ("name", "mode", "url"))


def _add(context: Context) -> None:
    options = context.options
    profiles = Profiles()
    key = check_key(_secret("API key: "))
    secret = _secret("Callback auth key: ") if options.callback_secret else None
    url = None if options.url is None else check_base_url(options.url)
    profiles.set(options.name, Profile(key, url, secret))
    context.output.say(f"Stored profile {options.name!r} in {profiles.file}")


def _remove(context: Context) -> None:
    options = context.options
    Profiles().remove(options.name)


def _secret(prompt: str) -> str:
    secret = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
    if not secret.strip():
        raise UsageError(f"{prompt.rstrip(': ')} is empty")
    return secret.strip()
