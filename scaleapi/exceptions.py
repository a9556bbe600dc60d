"""The exceptions, as one hierarchy.

::

    ScaleException
    ├── ScaleInvalidRequest          400, and bad arguments (nothing was sent)
    │   ├── ScaleArgumentError       a bad argument; also a ValueError
    │   └── ScaleUnprocessable       422
    ├── ScaleUnauthorized            401
    ├── ScaleNotEnabled              402
    ├── ScaleForbidden               403
    ├── ScaleResourceNotFound        404
    ├── ScaleDuplicateResource       409
    ├── ScaleTooManyRequests         429
    ├── ScaleServerError             any other 5xx
    │   ├── ScaleInternalError       500
    │   ├── ScaleBadGateway          502
    │   ├── ScaleServiceUnavailable  503
    │   └── ScaleGatewayTimeout      504; also a ScaleTimeoutError
    ├── ScaleTimeoutError            any timeout
    │   ├── ScaleGatewayTimeout      504; also a ScaleServerError
    │   ├── ScaleRequestTimeout      408
    │   ├── ScaleReadTimeout         no response within the read timeout
    │   └── ScaleDeadlineExceeded    no response within the deadline of the call
    ├── ScaleConnectionError         no complete response: refused, reset, cut off, DNS, TLS
    │   └── ScaleConnectTimeout      no connection within the connect timeout
    ├── ScaleTaskFailed              a task that was waited for did not get completed
    ├── ScaleBadResponse             a response that does not match the API
    └── CallbackVerificationError    a callback that cannot be trusted or read

The statuses are documented at https://scale.com/docs/api-reference/errors. Any other 5xx raises
:class:`ScaleServerError`; any other status raises :class:`ScaleException` itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http.client import responses as reason_phrases
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "CallbackVerificationError",
    "ExceptionMap",
    "ScaleArgumentError",
    "ScaleBadGateway",
    "ScaleBadResponse",
    "ScaleConnectTimeout",
    "ScaleConnectionError",
    "ScaleDeadlineExceeded",
    "ScaleDuplicateResource",
    "ScaleException",
    "ScaleForbidden",
    "ScaleGatewayTimeout",
    "ScaleInternalError",
    "ScaleInvalidRequest",
    "ScaleNotEnabled",
    "ScaleParameterWarning",
    "ScaleReadTimeout",
    "ScaleRequestTimeout",
    "ScaleResourceNotFound",
    "ScaleServerError",
    "ScaleServiceUnavailable",
    "ScaleTaskFailed",
    "ScaleTimeoutError",
    "ScaleTooManyRequests",
    "ScaleUnauthorized",
    "ScaleUnprocessable",
]

#: The number of characters of an argument's name that an error shows. Names come from files too.
_LONGEST_NAME = 100

_E = TypeVar("_E", bound="ScaleException")

#: Tasks that the text of one error names.
_SHOWN = 5


class ScaleException(Exception):
    """The base class of all errors of this package.

    Args:
        message: What went wrong.
        errcode: The HTTP status. By default, the ``code`` of the class, if it has one.
        status: The HTTP status. This and the following arguments exist for compatibility with the
            v2 exceptions of scaleapi 2, which tests create as
            ``ApiException(status=404, reason="Not Found")``.
        reason: The reason phrase of the status.
        http_resp: A response to read the omitted arguments from.
        body: The text of the response.
        data: The decoded response.

    Attributes:
        code: The HTTP status of the response or of the class, else ``None``.
        message: The text, without the status.
        data: The decoded response, if it was passed.
        method: ``"GET"``, ``"POST"``, ...; ``None`` if the error does not belong to a request.
        path: The path of the request, without the query.
        status: The HTTP status of the response; ``None`` if there was no response.
        headers: The headers of the response.
        body: The text of the response.
        attempts: How many times the call was sent.
        retry_after: The wait that the service requested, in seconds; ``None`` if it did not.
        may_have_been_applied: Whether the service may have processed the call although it failed.
            If this is ``True`` after a failed creation, the task may exist.

    Example:
        >>> error = ScaleResourceNotFound("Task with that ID not found.", 404)
        >>> str(error)
        '<Response [404]> Task with that ID not found.'
    """

    code: int | None = None

    @overload
    def __init__(self, message: str, errcode: int | None = None) -> None: ...

    @overload
    def __init__(
        self,
        message: int | None = None,
        errcode: str | None = None,
        *,
        status: int | None = None,
        reason: str | None = None,
        http_resp: Any = None,
        body: str | None = None,
        data: Any = None,
    ) -> None: ...

    def __init__(
        self,
        message: str | int | None = None,
        errcode: int | str | None = None,
        *,
        status: int | None = None,
        reason: str | None = None,
        http_resp: Any = None,
        body: str | None = None,
        data: Any = None,
    ) -> None:
        self.method: str | None = None
        self.path: str | None = None
        self.status = status
        self.headers: Mapping[str, str] = {}
        self.body = body
        self.data = data
        self.attempts = 0
        self.retry_after: float | None = None
        self.may_have_been_applied = False
        self._reason = reason
        self._is_of_v2 = not isinstance(message, str)
        if isinstance(message, str):
            self.message = message
            code = errcode
        else:
            # In the v2 exceptions of scaleapi 2, status and reason are the first arguments.
            self.status = status if message is None else message
            self._reason = reason if errcode is None else str(errcode)
            self._take_from(http_resp)
            self.message = self._reason or ""
            code = self.status
        if code is not None:
            self.code = code  # type: ignore[assignment]  # as the overloads say
        super().__init__(self._text())

    def _take_from(self, response: Any) -> None:
        """Read the arguments that were omitted from a response."""
        if response is None:
            return
        self.status = response.status if self.status is None else self.status
        self._reason = response.reason if self._reason is None else self._reason
        headers = response.getheaders() if hasattr(response, "getheaders") else response.headers
        self.headers = dict(headers.items() if hasattr(headers, "items") else headers)
        if self.body is None and isinstance(response.data, bytes):
            self.body = response.data.decode("utf-8", "replace")

    @property
    def reason(self) -> str | None:
        """The reason phrase of the status."""
        if self._reason is None and not self._is_of_v2 and self.status in reason_phrases:
            return reason_phrases[self.status]
        return self._reason

    def _text(self) -> str:
        if self.code:
            return f"<Response [{self.code}]> {self.message}"
        # As in scaleapi 2 when created directly; subclasses without a status show only the message.
        return f"<Response> {self.message}" if type(self) is ScaleException else self.message

    def __str__(self) -> str:
        return self._text_of_v2() if self._is_of_v2 else super().__str__()

    def _text_of_v2(self) -> str:
        """Return the text in the format of scaleapi 2's v2 exceptions."""
        text = f"({self.status})\nReason: {self.reason}\n"
        if self.headers:
            text += f"HTTP response headers: {self.headers}\n"
        if self.data or self.body:
            text += f"HTTP response body: {self.data or self.body}\n"
        return text

    def add_hint(self, hint: str) -> None:
        """Append a sentence to the message, and so to ``str()``."""
        self.message = f"{self.message.rstrip('.')}. {hint}"
        self.args = (self._text(),)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(cls: type[_E], args: tuple[Any, ...], attributes: dict[str, Any]) -> _E:
    """Unpickle an exception without calling its constructor."""
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(attributes)
    return error


class ScaleInvalidRequest(ScaleException):
    """A parameter is invalid or missing, or the resource is in the wrong state (400)."""

    code = 400


class ScaleArgumentError(ScaleInvalidRequest, ValueError):
    """An argument is invalid. Nothing was sent.

    Args:
        argument: The name of the argument.
        problem: What is wrong with it and what it should be.

    Example:
        >>> print(ScaleArgumentError("task_id", "must not be empty"))
        task_id must not be empty
    """

    def __init__(self, argument: str, problem: str = "") -> None:
        self.argument = argument
        name = argument if len(argument) <= _LONGEST_NAME else f"{argument[:_LONGEST_NAME]}..."
        super().__init__(f"{name} {problem}".rstrip())

    def _text(self) -> str:
        return self.message


class ScaleParameterWarning(UserWarning):
    """The name of a parameter is probably misspelled or in the wrong place; it was sent as given.

    ``ScaleClient(strict_parameters=True)`` raises :class:`ScaleArgumentError` instead, and sends
    nothing.
    """


class ScaleUnprocessable(ScaleInvalidRequest):
    """The service understood the request but cannot process it (422)."""

    code = 422


class ScaleUnauthorized(ScaleException):
    """The API key is missing or invalid (401)."""

    code = 401


class ScaleNotEnabled(ScaleException):
    """The task type is not enabled for this account (402)."""

    code = 402


class ScaleForbidden(ScaleException):
    """The key does not have permission for this call (403)."""

    code = 403


class ScaleResourceNotFound(ScaleException):
    """There is no such task, batch, project or other resource (404)."""

    code = 404


class ScaleDuplicateResource(ScaleException):
    """A name, ``unique_id``, ``reference_id`` or idempotency key is already used (409)."""

    code = 409


class ScaleTooManyRequests(ScaleException):
    """The rate limit was exceeded (429); see ``retry_after``."""

    code = 429


class ScaleServerError(ScaleException):
    """The service, or a gateway in front of it, failed (any 5xx)."""


class ScaleInternalError(ScaleServerError):
    """The service failed (500)."""

    code = 500


class ScaleBadGateway(ScaleServerError):
    """A gateway got no valid response from the service (502)."""

    code = 502


class ScaleServiceUnavailable(ScaleServerError):
    """The service is temporarily unavailable (503); see ``retry_after``."""

    code = 503


class ScaleTimeoutError(ScaleException):
    """A timeout at a gateway, in the service or in the client."""

    code: int | None = 504


class ScaleGatewayTimeout(ScaleTimeoutError, ScaleServerError):
    """A gateway timed out waiting for the service (504)."""


class ScaleRequestTimeout(ScaleTimeoutError):
    """The service timed out waiting for the request (408)."""

    code = 408


class ScaleReadTimeout(ScaleTimeoutError):
    """The service sent nothing within the read timeout."""

    code = None


class ScaleDeadlineExceeded(ScaleTimeoutError):
    """The call, including retries and waits, exceeded its deadline."""

    code = None


class ScaleConnectionError(ScaleException):
    """No complete response: refused, reset, cut off, or a DNS, TLS or proxy failure."""


class ScaleConnectTimeout(ScaleConnectionError):
    """No connection could be made within the connect timeout."""


class ScaleBadResponse(ScaleException):
    """The response does not match the API; see ``body``."""


class ScaleTaskFailed(ScaleException):
    """Tasks that were waited for have ended, and are not completed.

    Attributes:
        tasks: The tasks, of v1 or v2.
    """

    tasks: Sequence[Any] = ()

    @classmethod
    def of(cls, ends: Sequence[tuple[str, str, str | None]], tasks: Sequence[Any]) -> Self:
        """Return the error for tasks.

        Args:
            ends: The id, the status and the reason of each.
            tasks: The tasks.
        """
        shown = [f"{one} is {status}" + (f": {why}" if why else "") for one, status, why in ends]
        more = f"; and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
        noun = "Task" if len(shown) == 1 else f"{len(shown)} tasks were not completed: task"
        error = cls(f"{noun} {'; '.join(shown[:_SHOWN])}{more}")
        error.tasks = list(tasks)
        return error

    def _text(self) -> str:
        return self.message


class CallbackVerificationError(ScaleException):
    """A callback is not from Scale, is malformed, or cannot be handled now.

    ``code`` is the HTTP status to respond with.
    """

    def _text(self) -> str:
        return self.message


#: The exception class for each HTTP status.
ExceptionMap: dict[int, type[ScaleException]] = {
    400: ScaleInvalidRequest,
    401: ScaleUnauthorized,
    402: ScaleNotEnabled,
    403: ScaleForbidden,
    404: ScaleResourceNotFound,
    408: ScaleRequestTimeout,
    409: ScaleDuplicateResource,
    422: ScaleUnprocessable,
    429: ScaleTooManyRequests,
    500: ScaleInternalError,
    502: ScaleBadGateway,
    503: ScaleServiceUnavailable,
    504: ScaleGatewayTimeout,
}
