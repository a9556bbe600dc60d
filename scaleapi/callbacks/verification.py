"""Who sent a callback, and whether it is one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..exceptions import CallbackVerificationError, ScaleArgumentError
from .callback import Callback
from .headers import AUTH_HEADER, Headers, read_headers

if TYPE_CHECKING:
    from ..client import ScaleClient

__all__ = [
    "CALLBACK_BODY_LIMIT",
    "check_secrets",
    "check_sender",
    "read_body",
    "too_large",
    "verify_callback",
]

#: The largest body of a callback, in bytes; a larger one is rejected.
CALLBACK_BODY_LIMIT = 10 * 1024 * 1024


def verify_callback(
    headers: Headers,
    body: bytes | bytearray | memoryview | str,
    secrets: str | Iterable[str],
    client: ScaleClient | None = None,
    *,
    base64_encoded: bool = False,
) -> Callback:
    """Return the callback that a request is, once it is certain that Scale sent it.

    Args:
        headers: The request's headers: a mapping, or pairs of names and values. The headers of
            Flask, Django, Starlette, aiohttp, Tornado, ``http.server`` and ``email.message``,
            ASGI's list of byte pairs, API Gateway's ``headers`` and ``multiValueHeaders``, a WSGI
            environment and Django's ``request.META`` are all read.
        body: The request's body, unchanged. Text is encoded as UTF-8.
        secrets: The account's callback auth keys, of live and test mode. They are not API keys.
        client: The client that methods of the task or batch use.
        base64_encoded: Whether the body is in Base64, as API Gateway's ``isBase64Encoded`` says.

    Raises:
        CallbackVerificationError: If the request is not from Scale, or is not a callback. ``code``
            is the HTTP status to respond with. Whatever the request has in it, this is the only
            error.
        ScaleArgumentError: If ``secrets`` has no secret, or something that cannot be one.

    Example:
        >>> callback = verify_callback(request.headers, request.body, ["live_auth_..."])
        >>> callback.event, callback.task.id
        (<CallbackEvent.Completed: 'completed'>, '65f0a1b2c3d4e5f60718293a')
    """
    known = check_secrets(secrets)
    found = read_headers(headers)
    check_sender(found.secret, known)
    sent = _bytes(body, CALLBACK_BODY_LIMIT * 4 // 3 + 4 if base64_encoded else CALLBACK_BODY_LIMIT)
    return read_body(found.content_type, _decode(sent) if base64_encoded else sent, client)


def check_secrets(secrets: str | Iterable[str]) -> list[str]:
    """Return the secrets as a list. Errors do not show what was given: it may be a secret."""
    if isinstance(secrets, (bytes, Mapping)) or not isinstance(secrets, Iterable):
        raise ScaleArgumentError("secrets", "must be a string or a list of strings")
    known = [secrets] if isinstance(secrets, str) else list(secrets)
    if not known:
        raise ScaleArgumentError("secrets", "must have at least one callback auth key")
    for secret in known:
        if not isinstance(secret, str) or not secret:
            raise ScaleArgumentError("secrets", "must be strings that are not empty")
        # For example, a line end that was read from a file would make no callback match.
        if not secret.isascii() or not secret.isprintable() or secret != secret.strip():
            raise ScaleArgumentError(
                "secrets", "must have only printable ASCII characters, without spaces at the ends"
            )
    return known


def check_sender(given: str | None, secrets: list[str]) -> None:
    """Reject a request whose header has none of the secrets."""
    if given is None:
        raise CallbackVerificationError(f"the {AUTH_HEADER} header is missing", 401)
    # All secrets are compared, as digests of one length, so the time taken reveals nothing.
    digest = _digest(given)
    matches = [hmac.compare_digest(digest, _digest(secret)) for secret in secrets]
    if not any(matches):
        raise CallbackVerificationError(f"the {AUTH_HEADER} header has no known secret", 401)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _bytes(body: object, limit: int) -> bytes:
    """Return a body as bytes, unless there are more of them than a limit."""
    if isinstance(body, str):
        if len(body) > limit:
            raise too_large()
        try:
            return body.encode()
        except UnicodeEncodeError as error:
            raise CallbackVerificationError("the body is not Unicode text", 400) from error
    try:
        view = memoryview(body)  # type: ignore[arg-type]  # what is not bytes-like is a TypeError
        if view.nbytes > limit:
            raise too_large()
        return view.tobytes()
    except (TypeError, ValueError) as error:
        raise CallbackVerificationError(
            f"the body must be bytes or text, got {type(body).__name__}", 400
        ) from error


def _decode(body: bytes) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as error:
        raise CallbackVerificationError("the body is not Base64", 400) from error


def read_body(content_type: str | None, body: bytes, client: ScaleClient | None) -> Callback:
    """Return the callback that a body is. The sender has been checked before."""
    mime_type = (content_type or "").split(";")[0].strip().lower()
    if mime_type != "application/json":
        raise CallbackVerificationError("the content type is not application/json", 415)
    if len(body) > CALLBACK_BODY_LIMIT:
        raise too_large()
    try:
        value = json.loads(body, parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:
        raise CallbackVerificationError(f"the body is not JSON: {error}", 400) from error
    if not isinstance(value, dict):
        raise CallbackVerificationError("the body is not a JSON object", 400)
    return Callback(value, client)


def _reject_constant(name: str) -> object:
    raise ValueError(f"it has {name}")


def too_large() -> CallbackVerificationError:
    """Return the error for a body that is too large."""
    return CallbackVerificationError(f"the body is over {CALLBACK_BODY_LIMIT} bytes", 413)
