"""What a client is made from: checked once, before anything is sent."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from ._arguments import count_of
from ._secrets import Hidden
from ._transport.call import Options
from ._version import __version__
from .exceptions import ScaleArgumentError

__all__ = [
    "KEEP",
    "SCALE_API_BASE_URL_V1",
    "Timeout",
    "check_base_url",
    "check_key",
    "check_options",
    "check_proxies",
    "check_user_agent_extension",
    "user_agent",
    "without_version",
]

SCALE_API_BASE_URL_V1 = "https://api.scale.com/v1"

#: Seconds to connect and to read, or one number for both; ``None`` for no limit.
Timeout = float | tuple[float | None, float | None] | None

#: The default of an option that is to stay as it is; ``None`` means no limit.
KEEP: Any = object()


def check_key(key: object) -> Hidden:
    """Return the API key to use: the given one, or else that of ``SCALE_API_KEY``.

    The form of a key is not checked beyond what a header can carry: there are several, and
    new ones need no release of this package (https://scale.com/docs/api-reference/authentication).

    Raises:
        ScaleArgumentError: There is none, or it cannot be a key.
    """
    if key is None:
        key = os.environ.get("SCALE_API_KEY")
        if key is None:
            raise ScaleArgumentError(
                "api_key", "must be given, or be in the environment variable SCALE_API_KEY"
            )
    if not isinstance(key, str):
        raise ScaleArgumentError("api_key", f"must be a string, not {type(key).__name__}")
    if not key:
        raise ScaleArgumentError("api_key", "must not be empty")
    if not key.isprintable() or " " in key:
        raise ScaleArgumentError("api_key", "must not contain spaces or control characters")
    return Hidden(key)


def check_base_url(url: object) -> str:
    """Return the base URL to use: the given one, ``SCALE_API_INSTANCE_URL``, or the public one.

    Raises:
        ScaleArgumentError: It is no URL that a client can talk to.
    """
    if url is None:
        url = os.environ.get("SCALE_API_INSTANCE_URL") or SCALE_API_BASE_URL_V1
    if not isinstance(url, str):
        raise ScaleArgumentError("api_instance_url", f"must be a string, not {type(url).__name__}")
    if not url.isprintable() or " " in url:
        raise ScaleArgumentError(
            "api_instance_url", "must not contain spaces or control characters"
        )
    example = f"must be a URL such as {SCALE_API_BASE_URL_V1}"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise ScaleArgumentError("api_instance_url", f"{example}: {error}") from None
    if parts.username or parts.password:
        raise ScaleArgumentError("api_instance_url", "must not contain a user name or password")
    if not usable or parts.query or parts.fragment:
        raise ScaleArgumentError("api_instance_url", f"{example}, not {url!r}")
    return url.rstrip("/")


def without_version(url: str) -> str:
    """Return a base URL without the version of the API at its end."""
    return re.sub(r"/v[12]$", "", url.rstrip("/"))


def check_proxies(proxies: object) -> dict[str, str]:
    """Return the proxy URL per scheme.

    Raises:
        ScaleArgumentError: It is something else. A URL, which may have a password, is not shown.
    """
    example = "must be a dict of URLs such as {'https': 'http://127.0.0.1:3128'}"
    if not isinstance(proxies, Mapping):
        raise ScaleArgumentError("proxies", f"{example}, not {type(proxies).__name__}")
    for scheme, url in proxies.items():
        if not isinstance(scheme, str) or not (url is None or isinstance(url, str)):
            raise ScaleArgumentError("proxies", example)
        try:
            _ = urlsplit(url or "").port
        except ValueError:
            raise ScaleArgumentError("proxies", f"{example}; that of {scheme!r} is none") from None
    return dict(proxies)


def check_user_agent_extension(source: object) -> str | None:
    """Return what is to be appended to the User-Agent.

    Raises:
        ScaleArgumentError: A header cannot carry it.
    """
    if source is None:
        return None
    if not isinstance(source, str):
        raise ScaleArgumentError("source", f"must be a string, not {type(source).__name__}")
    if not source.isprintable() or not source.isascii():
        raise ScaleArgumentError("source", "must be printable ASCII without control characters")
    return source


@lru_cache
def user_agent(extension: str | None) -> str:
    """Return the User-Agent header's value."""
    import platform  # noqa: PLC0415 - as long to import as much of this package

    parts = [
        f"scaleapi/{__version__}",
        f"Python/{platform.python_version()}",
        f"OS/{platform.platform()}",
    ]
    return " ".join([*parts, extension] if extension else parts)


def check_options(
    timeout: Timeout, deadline: float | None, max_retries: int, max_body: int
) -> Options:
    """Return the limits of a client's calls.

    Raises:
        ScaleArgumentError: One of them is no limit.
    """
    if isinstance(timeout, (tuple, list)) and len(timeout) == 2:
        connect, read = timeout
    else:
        connect = read = timeout
    return Options(
        connect_timeout=_seconds("timeout", connect),
        read_timeout=_seconds("timeout", read),
        deadline=_seconds("deadline", deadline),
        max_retries=count_of("max_retries", max_retries),
        max_body=count_of("max_body", max_body, least=1),
    )


def _seconds(argument: str, value: float | None) -> float | None:
    if value is None:
        return None
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and 0 < value < math.inf:
        return float(value)
    what = "seconds, or (connect, read) seconds" if argument == "timeout" else "seconds"
    raise ScaleArgumentError(argument, f"must be {what}, more than 0, or None; not {value!r}")
