"""One callback: who sent it, what it says, and whether it came before."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ._enums import StringEnum
from ._http.response import JSONObject
from .batches import Batch
from .exceptions import CallbackVerificationError, ScaleArgumentError
from .tasks import Task

if TYPE_CHECKING:
    from .client import ScaleClient

__all__ = [
    "CALLBACK_BODY_LIMIT",
    "HEADER",
    "Callback",
    "CallbackEvent",
    "SeenCallbacks",
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


class CallbackEvent(StringEnum):
    """What a callback tells."""

    Completed = "completed"
    Error = "error"
    Audited = "audited"
    Recalled = "recalled"
    BatchCompleted = "batch_completed"


class Callback:
    """A callback whose sender is known.

    Args:
        body: The JSON that was posted.
        client: The client that calls of ``task`` and ``batch`` go through.

    Attributes:
        body: The JSON that was posted.
        task: The task, ``None`` when it is about a batch.
        batch: The batch, ``None`` when it is about a task.

    Raises:
        CallbackVerificationError: There is neither a task nor a batch in it.
    """

    def __init__(self, body: JSONObject, client: ScaleClient | None = None) -> None:
        self.body = body
        # Calls of the objects fail without a client; their fields do not need one.
        calls: Any = client
        self.task: Task | None = None
        self.batch: Batch | None = None
        if _is_named(body.get("task"), "task_id"):
            self.task = Task(body["task"], calls)
        elif _is_named(body.get("batch"), "name"):
            self.batch = Batch(body["batch"], calls)
        else:
            raise CallbackVerificationError("the body has neither a task nor a batch", 400)

    @property
    def status(self) -> str | None:
        """The state of the task or batch."""
        told: str | None = self.body.get("status")
        subject: JSONObject = self.body["task" if self.task else "batch"]
        return told or subject.get("status")

    @property
    def response(self) -> JSONObject | None:
        """The answer of the task, if there is one."""
        response: JSONObject | None = self.body.get("response")
        return response or (self.task.response if self.task else None)

    @property
    def event(self) -> CallbackEvent:
        """What happened, as far as the state of the task or batch tells."""
        if self.task is None:
            return CallbackEvent.BatchCompleted
        if self.status == "error":
            return CallbackEvent.Error
        if self.status == "pending":
            return CallbackEvent.Recalled
        return CallbackEvent.Audited if self._is_audit() else CallbackEvent.Completed

    def _is_audit(self) -> bool:
        """Tell whether the task's last change was its review."""
        task: JSONObject = self.body["task"]
        if task.get("customer_review_status") in (None, "pending"):
            return False
        audited_at, completed_at = task.get("customer_audited_at"), task.get("completed_at")
        # A task that was recalled and is completed again still has its earlier review.
        return not (audited_at and completed_at) or str(audited_at) >= str(completed_at)

    @property
    def identity(self) -> tuple[str, ...]:
        """What two deliveries of one callback have in common, and no other callback has."""
        if self.task is not None:
            changed = self.task.updated_at or self._digest()
            return ("task", self.task.id, str(changed), self.event.value)
        batch: JSONObject = self.body["batch"]
        changed = batch.get("completed_at") or self._digest()
        return ("batch", batch["name"], str(changed), str(self.status))

    def _digest(self) -> str:
        """Stand in for a time that the body does not tell."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()

    def __repr__(self) -> str:
        about = f"task={self.task!r}" if self.task else f"batch={self.batch!r}"
        return f"Callback(event={self.event.value!r}, {about})"


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


def _is_named(value: object, key: str) -> bool:
    return isinstance(value, dict) and isinstance(value.get(key), str)


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


class SeenCallbacks:
    """Remember which callbacks were handled, as the same one may come more than once.

    It is the memory of one process. Work that must not be done twice across processes belongs
    into a database, under :attr:`Callback.identity` as a unique key.

    Args:
        capacity: How many callbacks to remember; the oldest are forgotten first.
    """

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._handled: dict[tuple[str, ...], bool] = {}
        self._lock = threading.Lock()

    @contextmanager
    def handling(self, callback: Callback) -> Generator[bool]:
        """Give whether a callback is new, and remember it unless handling it raises.

        Raises:
            CallbackVerificationError: It is being handled at this moment. It must come again, as
                that may fail; ``code`` is 503.

        Example:
            >>> with seen.handling(callback) as new:
            ...     if new:
            ...         store(callback.task)
        """
        identity = callback.identity
        if self._is_handled(identity):
            yield False
            return
        try:
            yield True
        except BaseException:
            with self._lock:
                self._handled.pop(identity, None)
            raise
        with self._lock:
            if identity in self._handled:
                self._handled[identity] = True

    def _is_handled(self, identity: tuple[str, ...]) -> bool:
        """Tell whether a callback was handled; if it was not, it is under way from now on."""
        with self._lock:
            handled = self._handled.get(identity)
            if handled is None:
                self._handled[identity] = False
                if len(self._handled) > self._capacity:
                    del self._handled[next(iter(self._handled))]
        if handled is False:
            raise CallbackVerificationError("the callback is being handled", 503)
        return handled is True
