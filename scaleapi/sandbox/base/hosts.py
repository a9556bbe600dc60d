"""Hosts by name or address: loopback, and lists of allowed ones."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_PATTERN = re.compile(r"\*|(?:\*\.)?[^\s*/:@?#\[\]]+")


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is a loopback address, ``localhost`` or ``*.localhost``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return _normal(host) == "localhost" or _normal(host).endswith(".localhost")


def reachable_at(host: str) -> str:
    """Return where this machine reaches a server that listens on ``host``, as part of a URL."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (not listened on)
    return f"[{host}]" if ":" in host else host


class Hosts:
    """A list of allowed hosts; loopback always is.

    Args:
        patterns: Names and addresses; ``*.example.com`` stands for every name below
            ``example.com``, and ``*`` for every host.

    Raises:
        ValueError: If one is not a host name; the message quotes it.

    Example:
        >>> "app.example.com" in Hosts(["*.example.com"])
        True
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        if isinstance(patterns, str):  # whose characters would be hosts
            raise ValueError(  # noqa: TRY004 (as for any other argument)
                f"hosts must be a list of names, not the string {patterns!r}"
            )
        self.patterns = tuple(_checked(pattern) for pattern in patterns)

    def __contains__(self, host: str) -> bool:
        host = _normal(host)
        return is_loopback(host) or any(
            pattern in ("*", host) or (pattern.startswith("*.") and host.endswith(pattern[1:]))
            for pattern in self.patterns
        )

    @property
    def first_name(self) -> str | None:
        """The first name that stands for one host only, or None."""
        return next((pattern for pattern in self.patterns if "*" not in pattern), None)

    def has_host_of(self, url: str) -> bool:
        """Return whether the host of a URL is in the list."""
        return (urlsplit(url).hostname or "") in self


def _checked(pattern: str) -> str:
    """Return a pattern in its normal form."""
    bare = pattern.strip("[]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if not _PATTERN.fullmatch(pattern) or not _is_name(pattern.removeprefix("*.")):
        raise ValueError(
            "a host must be a name such as scale.example or *.example.com, or an address,"
            f" without a scheme, port or path, not {pattern!r}"
        )
    return _normal(pattern)


def _is_name(host: str) -> bool:
    """Return whether a host can be looked up: no empty or long part, no lone surrogates."""
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False


def _normal(host: str) -> str:
    """Return a host as it is compared: in lower case, an address in its shortest form."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host.lower().removesuffix(".")
