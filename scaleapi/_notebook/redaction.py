"""What a card hides: values under keys that name secrets, and the secret parts of links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

__all__ = ["bare_link", "image_source", "is_secret", "items", "redacted", "redacted_json"]

_HIDDEN = "<hidden>"

# Slashes may be escaped, as JSON allows.
_SCHEME = r"(?:\b[a-z][a-z0-9+.-]{0,20}:)?(?:\\?/){2}"

#: What a link may go on with: a quotation mark too, unless the quotation ends there.
_MORE = r"""(?:[^\s"]|"(?![\s,\]}>):;]|$))"""

_NO_PORT = r"""(?!\d*(?:[/?#\s"'<>)\]},;.\\]|$))"""

#: A user name and a password. The password may contain a slash, unless it looks like a port.
_LOGIN = re.compile(
    rf'({_SCHEME})(?:[^\s/?#\\"]*@|[^\s/?#:@[\\"]*:{_NO_PORT}(?:[^\s"/\\]|/(?!/))*@)',
    re.IGNORECASE,
)

#: A login without its end, because the text was cut there.
_CUT_LOGIN = re.compile(rf'({_SCHEME}[^\s/?#:@[\\"]*:){_NO_PORT}[^\s"]+', re.IGNORECASE)

_QUERY = re.compile(rf'({_SCHEME}[^\s?#"]+[?#]){_MORE}+', re.IGNORECASE)

#: A parameter: in the path of a link, in a link without a scheme, or in a text like a form.
_PARAMETER = re.compile(r"""((?:^|[?&;,\s"'])([\w.-]{1,60})=["']?)[^\s&;"'<>]+""")

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")

#: A word of a key, or two of them together, that names a secret.
_SECRET = re.compile(
    r"""auth|bearer|creds?|jwts?|oauth|sess(?:ion)?s?|sigs?
      |[a-z]*(?:apikey|authentication|authorization|cookie|credential|passcode|passphrase|passwd
               |password|pwd|secret|sess(?:ion)?id|signature|token)s?
      |(?:access|account|api|auth|encryption|live|master|private|secret|session|shared|signing
         |ssh|test|webhook)keys?""",
    re.VERBOSE,
)

#: With one of these words, a key such as max_tokens is a count.
_COUNTS = frozenset(
    {"count", "counts", "details", "limit", "limits", "max", "min", "num", "number", "total"}
    | {"usage"}
)
_COUNTED = re.compile(r"[a-z]*(?:token|session)s?")


def is_secret(key: object) -> bool:
    """Return whether a key names a secret: ``apiKey``, ``db-password`` or ``old_tokens``."""
    return bool(_secret_words(key))


def items(json: Mapping[Any, object]) -> Iterator[tuple[object, object]]:
    """Yield the keys and values of an object, with secret values replaced.

    Of ``{"name": "Authorization", "value": "..."}`` the value is a secret too.

    Args:
        json: The object.
    """
    pair = "value" in json and any(is_secret(json.get(name)) for name in ("name", "key"))
    for key, value in json.items():
        name = key if not (pair and key == "value") else "secret"
        yield key, _HIDDEN if _hides(name, value) else value


def redacted(text: str) -> str:
    """Return a text whose links have no login, query or fragment."""
    if "/" in text:
        text = _LOGIN.sub(r"\1", text)
        text = _CUT_LOGIN.sub(r"\1…", text)
        text = _QUERY.sub(r"\1…", text)
    return _PARAMETER.sub(_redacted_parameter, text) if "=" in text else text


def redacted_json(json: object) -> object:
    """Return a copy of JSON without secrets. It must not be nested too deeply to recurse."""
    if isinstance(json, dict):
        return {key: redacted_json(value) for key, value in items(json)}
    if isinstance(json, list):
        return [redacted_json(one) for one in json]
    return redacted(json) if isinstance(json, str) else json


def bare_link(url: str) -> str:
    """Return a link without its login, query and fragment, so without a signature."""
    return re.split("[?#]", redacted(url), maxsplit=1)[0]


def image_source(url: str) -> str:
    """Return what a browser needs to load an image: the query, but no login or fragment."""
    return url if url.startswith("data:") else _LOGIN.sub(r"\1", url, count=1).partition("#")[0]


def _secret_words(key: object) -> list[str]:
    words = [word.lower() for word in _WORD.findall(key)] if isinstance(key, str) else []
    parts = [*words, *(one + other for one, other in pairwise(words))]
    counts = not _COUNTS.isdisjoint(words)
    return [
        part
        for part in parts
        if _SECRET.fullmatch(part) and not (counts and _COUNTED.fullmatch(part))
    ]


def _hides(key: object, value: object) -> bool:
    """Return whether a value is a secret. A number under a plural is a count, and shown."""
    if (
        value is None
        or isinstance(value, bool)
        or (isinstance(value, (str, list, dict)) and not value)
    ):
        return False
    words = _secret_words(key)
    if isinstance(value, (int, float)):
        return any(not word.endswith("s") for word in words)
    return bool(words)


def _redacted_parameter(match: re.Match[str]) -> str:
    return f"{match[1]}…" if is_secret(match[2]) else match[0]
