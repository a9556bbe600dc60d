"""Signed download links, which need no API key and expire."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from ..base.clock import stamp

LIFETIME = timedelta(hours=1)
"""Lifetime of a link on the sandbox's clock."""


def presigned(origin: str, secret: bytes, content_id: str, now: datetime) -> str:
    """Return a link to stored content that expires after an hour."""
    expires = stamp(now + LIFETIME)
    query = {"expires": expires, "signature": _sign(secret, content_id, expires)}
    return f"{origin}/_storage/{content_id}?{urlencode(query)}"


def is_valid(secret: bytes, content_id: str, expires: str, signature: str, now: datetime) -> bool:
    """Return whether a link was made by `presigned` and has not expired."""
    right = hmac.compare_digest(_sign(secret, content_id, expires).encode(), signature.encode())
    return right and stamp(now) <= expires


def _sign(secret: bytes, content_id: str, expires: str) -> str:
    return hmac.new(secret, f"{content_id} {expires}".encode(), sha256).hexdigest()
