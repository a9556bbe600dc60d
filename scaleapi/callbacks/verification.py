"""Who sent a callback, and whether it is one."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..exceptions import CallbackVerificationError, ScaleArgumentError
from .callback import Callback

if TYPE_CHECKING:
    from ..client import ScaleClient

__all__ = [
    "CALLBACK_BODY_LIMIT",
    "HEADER",
    "check_secrets",
    "check_sender",
    "read_body",
    "too_large",
    "verify_callback",
]

#: Bytes of a callback; what is larger is refused.
CALLBACK_BODY_LIMIT = 10 * 1024 * 1024

#: Carries the callback auth key.
HEADER = "scale-callback-auth"


def verify_callback(
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
    body: bytes,
    secrets: str | Iterable[str],
    client: ScaleClient | None = None,
) -> Callback:
    """Return what a callback says, once it is certain that Scale sent it.

    Args:
        headers: The headers of the request, in any case.
        body: The body of the request, as it came.
        secrets: The account's callback auth keys, of live and test mode; not the API key.
        client: The client that calls of the task or batch go through.

    Raises:
        CallbackVerificationError: It is not from Scale, or is not a callback; ``code`` is the
            status to answer with.
        ScaleArgumentError: There is no secret to compare with.

    Example:
        >>> callback = verify_callback(request.headers, request.body, ["live_auth_..."])
        >>> callback.event, callback.task.id
        (<CallbackEvent.Completed: 'completed'>, '65f0a1b2c3d4e5f60718293a')
    """
    known = check_secrets(secrets)
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lowered = {str(name).lower(): str(value) for name, value in pairs}
    check_sender(lowered.get(HEADER), known)
    return read_body(lowered.get("content-type"), body, client)


def check_secrets(secrets: str | Iterable[str]) -> list[str]:
    """Return the secrets as a list. Errors do not show what was given: it may be the secret."""
    if isinstance(secrets, (bytes, Mapping)) or not isinstance(secrets, Iterable):
        raise ScaleArgumentError("secrets", "must be a string or a list of strings")
    known = [secrets] if isinstance(secrets, str) else list(secrets)
    if not known:
        raise ScaleArgumentError("secrets", "must have at least one callback auth key")
    for secret in known:
        if not isinstance(secret, str) or not secret:
            raise ScaleArgumentError("secrets", "must be strings that are not empty")
        # A line end read from a file, for one, would make every callback be refused.
        if not secret.isascii() or not secret.isprintable() or secret != secret.strip():
            raise ScaleArgumentError("secrets", "must be what a header can hold: printable ASCII")
    return known


def check_sender(given: str | None, secrets: list[str]) -> None:
    """Refuse a request whose header has none of the secrets."""
    if given is None:
        raise CallbackVerificationError(f"the {HEADER} header is missing", 401)
    # Every secret is compared, by digests of one length: the time taken tells nothing.
    digest = _digest(given)
    matches = [hmac.compare_digest(digest, _digest(secret)) for secret in secrets]
    if not any(matches):
        raise CallbackVerificationError(f"the {HEADER} header has no known secret", 401)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def read_body(content_type: str | None, body: bytes, client: ScaleClient | None) -> Callback:
    """Return what a body says whose sender is known."""
    mime_type = (content_type or "").split(";")[0].strip().lower()
    if mime_type != "application/json":
        raise CallbackVerificationError("the content type is not application/json", 415)
    if len(body) > CALLBACK_BODY_LIMIT:
        raise too_large()
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise CallbackVerificationError(f"the body is not JSON: {error}", 400) from error
    if not isinstance(value, dict):
        raise CallbackVerificationError("the body is not a JSON object", 400)
    return Callback(value, client)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"it has {name}")


def too_large() -> CallbackVerificationError:
    """Return the error for a body that is too large."""
    return CallbackVerificationError(f"the body is over {CALLBACK_BODY_LIMIT} bytes", 413)
