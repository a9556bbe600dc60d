"""The receiving end of callbacks: who sent it, what it says, whether it came before.

Scale posts a task to its ``callback_url`` when it is completed, fails, is audited or is taken
back, and a batch when it is completed (https://scale.com/docs/api-reference/callbacks). Every
2xx is an acknowledgement; anything else is tried again, up to 20 times within 24 hours. The
same callback may come more than once, and callbacks may overtake each other.

:func:`wsgi_callback_app` serves any WSGI server, :func:`flask_callback` and
:func:`starlette_callback` decorate a route of a framework; all of them stand on
:func:`verify_callback`, which needs nothing but headers and body.
"""

from __future__ import annotations

import functools
import hmac
import inspect
import json
import logging
import threading
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ._answers import JSONObject
from ._arguments import strings_of
from ._enums import StringEnum
from .batches import Batch
from .exceptions import CallbackVerificationError, ScaleArgumentError
from .tasks import Task

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from .client import ScaleClient

__all__ = [
    "CALLBACK_BODY_LIMIT",
    "Callback",
    "CallbackEvent",
    "CallbackVerificationError",
    "SeenCallbacks",
    "flask_callback",
    "starlette_callback",
    "verify_callback",
    "wsgi_callback_app",
]

log = logging.getLogger("scaleapi")

#: Bytes of a callback; what is larger is refused.
CALLBACK_BODY_LIMIT = 10 * 1024 * 1024

_HEADER = "scale-callback-auth"


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
    """

    def __init__(self, body: JSONObject, client: ScaleClient | None = None) -> None:
        self.body = body
        # Calls of the objects fail without a client; their fields do not need one.
        calls: Any = client
        self.task = Task(body["task"], calls) if isinstance(body.get("task"), dict) else None
        self.batch = None if self.task else Batch(body["batch"], calls)

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
        if self.task.customer_review_status not in (None, "pending"):
            return CallbackEvent.Audited
        return CallbackEvent.Completed

    @property
    def identity(self) -> tuple[str, ...]:
        """What two deliveries of one callback have in common, and no other callback has."""
        if self.task is not None:
            return ("task", self.task.id, str(self.task.updated_at), self.event.value)
        return ("batch", str(self.body["batch"]["name"]), str(self.status))

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
    known = _checked_secrets(secrets)
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lowered = {str(name).lower(): str(value) for name, value in pairs}
    _check_sender(lowered.get(_HEADER), known)
    return Callback(_read_body(lowered.get("content-type"), body), client)


def _checked_secrets(secrets: str | Iterable[str]) -> list[str]:
    known = strings_of("secrets", [secrets] if isinstance(secrets, str) else secrets)
    if not known:
        raise ScaleArgumentError("secrets", "must have at least one callback auth key")
    return known


def _check_sender(given: str | None, secrets: list[str]) -> None:
    if given is None:
        raise CallbackVerificationError(f"the {_HEADER} header is missing", 401)
    # Every secret is compared, whole, so that the time taken tells nothing about any of them.
    matches = [hmac.compare_digest(given.encode(), secret.encode()) for secret in secrets]
    if not any(matches):
        raise CallbackVerificationError(f"the {_HEADER} header has no known secret", 401)


def _read_body(content_type: str | None, body: bytes) -> JSONObject:
    mime_type = (content_type or "").split(";")[0].strip().lower()
    if mime_type != "application/json":
        raise CallbackVerificationError("the content type is not application/json", 415)
    if len(body) > CALLBACK_BODY_LIMIT:
        raise _too_large()
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CallbackVerificationError(f"the body is not JSON: {error}", 400) from error
    task = value.get("task") if isinstance(value, dict) else None
    batch = value.get("batch") if isinstance(value, dict) else None
    if isinstance(task, dict) and isinstance(task.get("task_id"), str):
        return dict(value)
    if isinstance(batch, dict) and isinstance(batch.get("name"), str):
        return dict(value)
    raise CallbackVerificationError("the body has neither a task nor a batch", 400)


def _too_large() -> CallbackVerificationError:
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
        self._seen: dict[tuple[str, ...], None] = {}
        self._lock = threading.Lock()

    @contextmanager
    def handling(self, callback: Callback) -> Generator[bool]:
        """Give whether a callback is new, and remember it unless handling it raises.

        One that could not be handled comes again. While it is being handled, it counts as seen.

        Example:
            >>> with seen.handling(callback) as new:
            ...     if new:
            ...         store(callback.task)
        """
        with self._lock:
            new = callback.identity not in self._seen
            self._seen[callback.identity] = None
            if len(self._seen) > self._capacity:
                del self._seen[next(iter(self._seen))]
        try:
            yield new
        except BaseException:
            if new:
                with self._lock:
                    self._seen.pop(callback.identity, None)
            raise


def wsgi_callback_app(
    handler: Callable[[Callback], object],
    secrets: str | Iterable[str],
    *,
    client: ScaleClient | None = None,
    seen: SeenCallbacks | None = None,
) -> WSGIApplication:
    """Return a WSGI application that receives callbacks at every path.

    Args:
        handler: Called once for each callback. If it raises, the answer is 500, and the
            callback comes again.
        secrets: The account's callback auth keys.
        client: The client that calls of the task or batch go through.
        seen: What was handled before; by default the memory of this application.

    Raises:
        ScaleArgumentError: There is no secret.

    Example:
        >>> app = wsgi_callback_app(lambda callback: print(callback.task), "live_auth_...")
        >>> wsgiref.simple_server.make_server("", 8000, app).serve_forever()
    """
    known = _checked_secrets(secrets)
    memory = seen or SeenCallbacks()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            if environ["REQUEST_METHOD"] != "POST":
                raise CallbackVerificationError("a callback is a POST", 405)
            _check_sender(environ.get("HTTP_SCALE_CALLBACK_AUTH"), known)
            length = _length(environ.get("CONTENT_LENGTH"))
            callback = Callback(
                _read_body(environ.get("CONTENT_TYPE"), environ["wsgi.input"].read(length)),
                client,
            )
        except CallbackVerificationError as error:
            return _wsgi_answer(start_response, error.code or 400, error.message)
        try:
            with memory.handling(callback) as new:
                if new:
                    handler(callback)
        except Exception:
            log.exception("the handler failed on %r; the callback will come again", callback)
            return _wsgi_answer(start_response, 500, "the handler failed")
        return _wsgi_answer(start_response, 200, "ok")

    return app


def flask_callback(
    secrets: str | Iterable[str],
    *,
    client: ScaleClient | None = None,
    seen: SeenCallbacks | None = None,
) -> Callable[[Callable[[Callback], object]], Callable[[], tuple[str, int]]]:
    """Make a function that takes a callback into a view of Flask.

    Args:
        secrets: The account's callback auth keys.
        client: The client that calls of the task or batch go through.
        seen: What was handled before; by default the memory of this view.

    Raises:
        ScaleArgumentError: There is no secret.

    Example:
        >>> @app.post("/scale")
        ... @flask_callback("live_auth_...")
        ... def labeled(callback):
        ...     print(callback.task.id, callback.response)
    """
    known = _checked_secrets(secrets)
    memory = seen or SeenCallbacks()

    def decorate(handler: Callable[[Callback], object]) -> Callable[[], tuple[str, int]]:
        import flask  # noqa: PLC0415 - only who uses Flask has it

        @functools.wraps(handler)
        def view() -> tuple[str, int]:
            request = flask.request
            try:
                _check_sender(request.headers.get(_HEADER), known)
                length = _length(request.headers.get("content-length"))
                body = _read_body(request.content_type, request.stream.read(length))
            except CallbackVerificationError as error:
                return error.message, error.code or 400
            callback = Callback(body, client)
            with memory.handling(callback) as new:
                if new:
                    handler(callback)
            return "ok", 200

        return view

    return decorate


def starlette_callback(
    secrets: str | Iterable[str],
    *,
    client: ScaleClient | None = None,
    seen: SeenCallbacks | None = None,
) -> Callable[[Callable[[Callback], object]], Callable[..., Awaitable[Any]]]:
    """Make a function that takes a callback into an endpoint of Starlette or FastAPI.

    The function may be ``async``; one that is not runs in a thread.

    Args:
        secrets: The account's callback auth keys.
        client: The client that calls of the task or batch go through.
        seen: What was handled before; by default the memory of this endpoint.

    Raises:
        ScaleArgumentError: There is no secret.

    Example:
        >>> @app.post("/scale")
        ... @starlette_callback("live_auth_...")
        ... async def labeled(callback):
        ...     print(callback.task.id, callback.response)
    """
    known = _checked_secrets(secrets)
    memory = seen or SeenCallbacks()

    def decorate(handler: Callable[[Callback], object]) -> Callable[..., Awaitable[Any]]:
        from starlette.concurrency import run_in_threadpool  # noqa: PLC0415 - as above
        from starlette.requests import Request  # noqa: PLC0415
        from starlette.responses import PlainTextResponse  # noqa: PLC0415

        async def endpoint(request: Request) -> PlainTextResponse:
            try:
                _check_sender(request.headers.get(_HEADER), known)
                body = bytearray()
                async for piece in request.stream():
                    body += piece
                    if len(body) > CALLBACK_BODY_LIMIT:
                        raise _too_large()
                content = _read_body(request.headers.get("content-type"), bytes(body))
            except CallbackVerificationError as error:
                return PlainTextResponse(error.message, error.code or 400)
            callback = Callback(content, client)
            with memory.handling(callback) as new:
                if new and inspect.iscoroutinefunction(handler):
                    await handler(callback)
                elif new:
                    await run_in_threadpool(handler, callback)
            return PlainTextResponse("ok")

        endpoint.__name__ = handler.__name__
        endpoint.__doc__ = handler.__doc__
        # FastAPI reads the annotations, and cannot look up names that are local to here.
        endpoint.__annotations__ = {"request": Request}
        return endpoint

    return decorate


def _length(header: str | None) -> int:
    """Return how many bytes to read."""
    try:
        length = int(header or "")
    except ValueError:
        raise CallbackVerificationError("the Content-Length is missing", 411) from None
    if length > CALLBACK_BODY_LIMIT:
        raise _too_large()
    return max(0, length)


def _wsgi_answer(start_response: StartResponse, status: int, text: str) -> Iterable[bytes]:
    body = text.encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]
