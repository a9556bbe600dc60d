"""Secrets, and what keeps them out of everything that people read."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

__all__ = ["Hidden", "Secrets"]


class Hidden(str):
    """A string that does not show itself in a ``repr``, and so in no dump of variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'<hidden>'"


class Secrets:
    """What a client must not show, in each form in which it is written or sent.

    Args:
        key: The API key.
        proxies: URLs of proxies, which may have passwords.

    Attributes:
        authorization: The header that says who calls: HTTP Basic, the key as the user name
            (https://scale.com/docs/api-reference/authentication).
        bearer: The header that says it to the v2 API.
    """

    def __init__(self, key: Hidden, proxies: Iterable[str]) -> None:
        basic = Hidden(base64.b64encode(f"{key}:".encode()).decode("ascii"))
        self.authorization = Hidden(f"Basic {basic}")
        # Headers are sent as Latin-1, keys as UTF-8.
        self.bearer = Hidden(f"Bearer {key.encode().decode('latin-1')}")
        forms = [key, basic, *(form for proxy in proxies for form in _passwords(proxy))]
        # What is shorter is no secret, and hiding it would tear ordinary words apart.
        self._forms = [Hidden(form) for form in forms if len(form) > 5]

    def hide(self, text: str) -> str:
        """Return a text that came from outside without the secrets that it repeats."""
        for form in self._forms:
            text = text.replace(form, "<hidden>")
        return text


def _passwords(proxy: str) -> list[str]:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if not parts.password:
        return []
    password = unquote(parts.password)
    login = f"{unquote(parts.username or '')}:{password}".encode("latin-1", "replace")
    return [base64.b64encode(login).decode("ascii"), parts.password, password]
