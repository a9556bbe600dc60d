"""The settings of a client, validated when it is created."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

from requests.utils import get_environ_proxies, select_proxy

from .._arguments import count_of, is_given
from .._version import __version__
from ..exceptions import ScaleArgumentError
from .call import Options
from .secrets import Hidden, hidden
from .url import Url, parse_link, url_parts

__all__ = [
    "ENVIRONMENT",
    "KEEP",
    "SCALE_API_BASE_URL_V1",
    "Timeout",
    "check_base_url",
    "check_key",
    "check_options",
    "check_proxies",
    "check_user_agent_extension",
    "proxy_for",
    "user_agent",
    "without_version",
]

SCALE_API_BASE_URL_V1 = "https://api.scale.com/v1"

#: Connect timeout and read timeout in seconds, or one number for both; ``None`` for no limit.
Timeout = float | tuple[float | None, float | None] | None

#: The default of ``with_options`` arguments, meaning "unchanged"; ``None`` means no limit.
KEEP: Any = object()

#: The default of the API key. The environment is read only if the argument is omitted, not if it
#: is ``None``, which could be the result of reading a misspelled variable.
ENVIRONMENT: Any = Ellipsis

#: Schemes that the keys of ``proxies`` can have. Others are ignored.
_PROXIED = frozenset({"http", "https", "all"})

_PROXY_SCHEMES = frozenset({"http", "https", "socks4", "socks4a", "socks5", "socks5h"})

#: Maximum timeout in seconds, because operating systems have a limit.
_LONGEST = 1e9


def check_key(key: object) -> Hidden:
    """Return the API key to use: the argument, or ``SCALE_API_KEY`` if it is omitted.

    Keys have several formats (https://scale.com/docs/api-reference/authentication), so the only
    check is whether a header can contain the key.

    Raises:
        ScaleArgumentError: If there is no key, or if it is invalid.
    """
    if key is ENVIRONMENT:
        key = hidden(os.environ.get("SCALE_API_KEY"))
        if key is None:
            raise ScaleArgumentError(
                "api_key", "must be given, or set in the environment variable SCALE_API_KEY"
            )
    if key is None:
        raise ScaleArgumentError(
            "api_key", "must be a string, not None; omit it to use SCALE_API_KEY"
        )
    if isinstance(key, bytes):
        key = hidden(key.decode("utf-8", "surrogateescape"))
    if not isinstance(key, str):
        raise ScaleArgumentError("api_key", f"must be a string, not {type(key).__name__}")
    if not key:
        raise ScaleArgumentError("api_key", "must not be empty")
    if not key.isprintable() or " " in key:
        raise ScaleArgumentError("api_key", "must not contain spaces or control characters")
    return Hidden(key)


def check_base_url(url: object) -> str:
    """Return the base URL to use: the argument, ``SCALE_API_INSTANCE_URL``, or the public one.

    Raises:
        ScaleArgumentError: If the URL is invalid.
    """
    if not is_given(url):
        url = os.environ.get("SCALE_API_INSTANCE_URL") or SCALE_API_BASE_URL_V1
    if not isinstance(url, str):
        raise ScaleArgumentError("api_instance_url", f"must be a string, not {type(url).__name__}")
    example = f"must be a URL such as {SCALE_API_BASE_URL_V1}"
    try:
        parse_link(url)
    except ValueError as error:
        raise ScaleArgumentError("api_instance_url", f"{example}: {error}") from None
    if "?" in url or "#" in url:
        raise ScaleArgumentError("api_instance_url", f"{example}, without a query or fragment")
    return url.rstrip("/")


def without_version(url: str) -> str:
    """Remove the API version from the end of a base URL."""
    return re.sub(r"/v[12]$", "", url.rstrip("/"))


def check_proxies(proxies: object) -> dict[str, Hidden] | None:
    """Return the proxy URLs by scheme; ``None`` for those of the environment.

    In a dict, which may be empty, ``None`` and ``""`` mean no proxy.

    Errors do not show the URLs, which may contain a password.

    Raises:
        ScaleArgumentError: If the argument is not a dict of valid URLs.
    """
    example = "must be a dict of URLs such as {'https': 'http://127.0.0.1:3128'}"
    if proxies is False or not is_given(proxies):
        return None
    if not isinstance(proxies, Mapping):
        raise ScaleArgumentError("proxies", f"{example}, not {type(proxies).__name__}")
    for scheme, url in proxies.items():
        if not isinstance(scheme, str) or not (url is None or isinstance(url, str)):
            raise ScaleArgumentError("proxies", example)
    return {
        scheme: _proxy_url(url, f"for {scheme!r}") if url else Hidden()
        for scheme, url in proxies.items()
        if scheme.partition("://")[0] in _PROXIED  # urllib.request.getproxies() has others
    }


def _proxy_url(url: str, where: str) -> Hidden:
    """Return the URL of a proxy, with a scheme.

    Args:
        url: The URL; ``http://`` is added if it has no scheme.
        where: Where the URL was set, for the error.
    """
    url = Hidden(url if "://" in url else f"http://{url}")
    scheme, has_host = _scheme_and_host(url)
    if not has_host or not url.isprintable() or " " in url or "\\" in url:
        raise ScaleArgumentError("proxies", f"must be URLs with a host, unlike that {where}")
    if scheme not in _PROXY_SCHEMES:
        known = ", ".join(sorted(_PROXY_SCHEMES))
        raise ScaleArgumentError(
            "proxies", f"must have one of the schemes {known}, unlike that {where}"
        )
    if scheme.startswith("socks"):
        try:
            import_module("socks")
        except ImportError as error:
            raise ScaleArgumentError(
                "proxies", "with SOCKS need PySocks: pip install 'requests[socks]'"
            ) from error
    return url


def _scheme_and_host(url: str) -> tuple[str, bool]:
    """Return the scheme of a URL, and whether it has a host."""
    parts = url_parts(url)
    return ("", False) if parts is None else (parts.scheme or "", bool(parts.host))


def proxy_for(url: Url, proxies: Mapping[str, str] | None) -> str | None:
    """Return the URL of the proxy for a URL; ``None`` for no proxy.

    Args:
        url: The URL of the request.
        proxies: Validated proxy URLs by scheme. By default, the proxies of the environment.

    Raises:
        ScaleArgumentError: If the proxy URL in the environment is invalid.
    """
    if proxies is not None:
        return select_proxy(url.text, proxies) or None
    # Only the selected proxy is validated: the settings include NO_PROXY, which is not a URL.
    proxy = hidden(select_proxy(url.text, get_environ_proxies(url.text)))
    return _proxy_url(proxy, "in the environment") if proxy else None


def check_user_agent_extension(source: object) -> str | None:
    """Return the text to append to the User-Agent.

    Raises:
        ScaleArgumentError: If a header cannot contain it.
    """
    if source is None:
        return None
    if not isinstance(source, str):
        raise ScaleArgumentError("source", f"must be a string, not {type(source).__name__}")
    if not source.isprintable() or any(character > "\xff" for character in source):
        raise ScaleArgumentError("source", "must be printable Latin-1 without control characters")
    return source


@lru_cache
def user_agent(extension: str | None) -> str:
    """Return the value of the User-Agent header."""
    # Not platform.platform(): it starts a process, while it holds a lock (Python 3.10 and 3.11).
    # A child that another thread forks in that time would wait for the lock forever.
    system = f"{platform.system()}-{platform.release()}-{platform.machine()}"
    parts = [f"scaleapi/{__version__}", f"Python/{platform.python_version()}", f"OS/{system}"]
    return " ".join([*parts, extension] if extension else parts)


def check_options(
    timeout: Timeout, deadline: float | None, max_retries: int, max_body: int
) -> Options:
    """Return the validated limits of a client's calls.

    Raises:
        ScaleArgumentError: If a limit is not a number, or out of its range.
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
        return float(min(value, _LONGEST))
    what = "seconds, or (connect, read) seconds" if argument == "timeout" else "seconds"
    raise ScaleArgumentError(argument, f"must be {what}, more than 0, or None; not {value!r}")
