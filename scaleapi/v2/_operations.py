"""What every call of the v2 API is made with."""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator, Mapping
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

from .._answers import Answer
from .._transport.call import Cancellation
from ..api import Api
from ..pagination import iterate
from ._fields import ListOf, Nested
from ._model import Model, Page
from ._requests import body_of, checked, require_one
from .configuration import ApiClient

if TYPE_CHECKING:
    from inspect import Signature

    from typing_extensions import Self

__all__ = ["ApiResponse", "Operations", "operation", "pages_of"]

_T = TypeVar("_T")
_A = ParamSpec("_A")
_M = TypeVar("_M", bound=Model)
_P = TypeVar("_P", bound=Page)
_S = TypeVar("_S", bound="Operations")
_F = TypeVar("_F", bound=Callable[..., Any])


class ApiResponse(NamedTuple):
    """An answer and what came with it, as the calls named ``*_with_http_info`` return it."""

    status_code: int
    headers: Mapping[str, str]
    data: Any
    raw_data: bytes


@cache
def _signature(method: Callable[..., Any]) -> Signature:
    from inspect import signature  # noqa: PLC0415 - as long to import as half of v2

    return signature(method)


def operation(*one_of: str) -> Callable[[_F], _F]:
    """Make a method a call of the API, whose arguments are checked before it runs.

    It takes two more, which no signature shows, as in scaleapi 2: ``_request_timeout``, the
    timeout in seconds for this call, and ``_headers``, further headers.

    Args:
        *one_of: Parameters of which one must be given.
    """

    def decorate(method: _F) -> _F:
        def check(self: Operations, *args: Any, **kwargs: Any) -> dict[str, Any]:
            bound = _signature(method).bind(self, *args, **kwargs).arguments
            given = checked({name: bound[name] for name in bound if name != "self"})
            require_one(given, *one_of)
            return given

        @wraps(method)
        def call(self: Operations, *args: Any, **kwargs: Any) -> Any:
            terms = {name: kwargs.pop(name, None) for name in ("_request_timeout", "_headers")}
            if any(term is not None for term in terms.values()):
                self = self._under(**terms)
            return method(self, **check(self, *args, **kwargs))

        call._check = check  # type: ignore[attr-defined]  # for pages_of, and as a mark
        return cast("_F", call)

    return decorate


def pages_of(
    get: Callable[Concatenate[_S, _A], _P],
) -> Callable[
    [Callable[[_S, _P], list[_T]]], Callable[Concatenate[_S, _A], Generator[_T, None, None]]
]:
    """Make a generator over all pages out of a function that returns what is on one.

    The generator takes what the call takes, and fetches one page ahead.

    Args:
        get: The call that returns one page.
    """

    def decorate(
        items: Callable[[_S, _P], list[_T]],
    ) -> Callable[Concatenate[_S, _A], Generator[_T, None, None]]:
        def call(self: _S, /, *args: _A.args, **kwargs: _A.kwargs) -> Generator[_T, None, None]:
            query = get._check(self, *args, **kwargs)  # type: ignore[attr-defined]  # an operation

            def fetch(
                token: str | None, cancellation: Cancellation | None
            ) -> tuple[list[_T], str | None]:
                at = query if token is None else {**query, "next_token": token}
                page = cast("Callable[..., _P]", get)(self._under(_cancellation=cancellation), **at)
                return items(self, page), page.next_token or None

            return iterate(fetch)

        wraps(items)(call)
        call.__wrapped__ = get  # type: ignore[attr-defined]  # whose signature it has
        return call

    return decorate


class Operations:
    """A group of the calls of the v2 API; see :class:`V2Api`."""

    _request_timeout: Any = None
    _headers: Mapping[str, str] | None = None
    _cancellation: Cancellation | None = None
    _answers: list[Answer] | None = None

    def __init__(self, api_client: ApiClient | None = None) -> None:
        self.api_client = api_client or ApiClient()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.api_client.api.base_api_url!r})"

    @property
    def api(self) -> Api:
        """The transport of the calls."""
        api, timeout = self.api_client.api, self._request_timeout
        return api if timeout is None else api.with_options(timeout=timeout)

    def _under(self, **terms: Any) -> Self:
        """Return a copy for one call under terms of its own."""
        other = copy.copy(self)
        vars(other).update(terms)
        return other

    def _send(self, method: str, endpoint: str, **request: Any) -> Answer:
        request |= {"headers": self._headers, "cancellation": self._cancellation}
        answer = self.api.call(method, endpoint, **request)
        if self._answers is not None:
            self._answers.append(answer)
        return answer

    def _get(
        self, endpoint: str, model: type[_M], arguments: Mapping[str, Any], **request: Any
    ) -> _M:
        """Send a GET with the arguments of a call, its ``locals()``, as the query."""
        query = {name: value for name, value in arguments.items() if name != "self"}
        return _model(self._send("GET", endpoint, params=query, **request), model)

    def _post(
        self,
        endpoint: str,
        model: type[_M],
        request_model: type[Model],
        arguments: Mapping[str, Any],
        **request: Any,
    ) -> _M:
        """Send a POST with the arguments of a call, its ``locals()``, as the body."""
        body = body_of(request_model, arguments)
        return _model(self._send("POST", endpoint, body=body, **request), model)

    if not TYPE_CHECKING:  # for checkers a class with __getattr__ has every attribute

        def __getattr__(self, name: str) -> Callable[..., Any]:
            for suffix, form in _FORMS.items():
                method = getattr(type(self), name.removesuffix(suffix), None)
                if name.endswith(suffix) and hasattr(method, "_check"):
                    return _in_form(self, method, form)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def _model(answer: Answer, model: type[_M]) -> _M:
    """Return the model that an answer is, or raise ScaleBadResponse."""
    json = answer.json_object(*model._required)
    for key in model._required:
        kind = model._fields[key].kind
        if isinstance(kind, ListOf):
            for one in answer.check_array(json[key]):
                answer.check_object(one)
        elif isinstance(kind, Nested):
            answer.check_object(json[key])
    if not isinstance(json.get("next_token"), (str, type(None))):
        raise answer.bad("a page whose 'next_token' is a string")
    return model._of(json)


def _with_http_info(answer: Answer, data: object) -> ApiResponse:
    response = answer.response
    return ApiResponse(response.status_code, response.headers, data, answer.content)


#: The other forms of a call by the ends of their names, made of its last answer and its result.
_FORMS: dict[str, Callable[[Answer, Any], Any]] = {
    "_with_http_info": _with_http_info,
    "_without_preload_content": lambda answer, _: answer.response,
}


def _in_form(
    operations: Operations, method: Callable[..., Any], form: Callable[[Answer, Any], Any]
) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        answers: list[Answer] = []
        data = method(operations._under(_answers=answers), *args, **kwargs)
        return form(answers[-1], data)

    return call
