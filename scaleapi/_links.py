"""Links to results: which may be followed, and to whom the key may be shown."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from ._answers import Answer
from .exceptions import ScaleArgumentError

__all__ = ["checked_link", "onward_link", "same_origin"]


def checked_link(url: object) -> str:
    """Return a link that can be downloaded.

    Raises:
        ScaleArgumentError: It is no ``http`` or ``https`` link.
    """
    problem = "must be an http or https link"
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        raise ScaleArgumentError("response_url", problem)
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts._replace(path=parts.path or "/", fragment="").geturl()
    except ValueError:
        pass
    raise ScaleArgumentError("response_url", problem)


def same_origin(one: str, other: str) -> bool:
    """Return whether two links lead to the same scheme, host and port."""
    return _origin(one) == _origin(other)


def onward_link(answer: Answer) -> str | None:
    """Return where an answer redirects to, ``None`` if nowhere; never from https to http."""
    here, location = answer.request.url or "", answer.response.headers.get("Location")
    if answer.response.status_code not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        onward = checked_link(urljoin(here, location))
    except ValueError:  # as is a ScaleArgumentError, but this link is not the caller's
        return None
    downgrade = urlsplit(here).scheme == "https" and urlsplit(onward).scheme != "https"
    return None if downgrade else onward


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
