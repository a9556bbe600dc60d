"""Keeping keys and passwords out of errors, logs and reprs."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["Hidden", "HiddenBytes", "Secrets", "hidden"]


class Hidden(str):
    """A string whose ``repr`` is hidden, so that error reporters do not show it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'<hidden>'"


class HiddenBytes(bytes):
    """Bytes whose ``repr`` is hidden."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "b'<hidden>'"


def hidden(value: Any) -> Any:
    """Hide an argument from error reporters: a string, bytes, or those of a collection.

    A function with a secret among its parameters rebinds it first, because these tools print local
    variables. Other values are returned as they are.
    """
    if isinstance(value, str):
        return Hidden(value)
    if isinstance(value, bytes):
        return HiddenBytes(value)
    if isinstance(value, (list, tuple)):
        return type(value)(map(hidden, value))
    if isinstance(value, Mapping):
        return {name: hidden(one) for name, one in value.items()}
    return value


class Secrets:
    """The secrets of a client, in each form in which they are written or sent.

    Args:
        key: The API key.
        proxies: URLs of proxies, which may contain passwords.

    Attributes:
        authorization: The Authorization header of the v1 API: HTTP Basic, with the key as the user
            name (https://scale.com/docs/api-reference/authentication).
        bearer: The Authorization header of the v2 API.
    """

    def __init__(self, key: Hidden, proxies: Iterable[str]) -> None:
        basic = Hidden(base64.b64encode(f"{key}:".encode()).decode("ascii"))
        self.authorization = Hidden(f"Basic {basic}")
        # Headers are sent as Latin-1, keys as UTF-8.
        self.bearer = Hidden(f"Bearer {key.encode().decode('latin-1')}")
        forms = [key, basic, *(form for proxy in proxies for form in _passwords(proxy))]
        # Shorter texts are not secrets, and hiding them would damage ordinary words.
        self._forms = [Hidden(form) for form in forms if len(form) > 5]

    def hide(self, text: str) -> str:
        """Replace the secrets in a text by ``<hidden>``."""
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
