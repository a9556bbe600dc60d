"""What every call of the v2 API is made with."""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator, Mapping
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

from .._http.response import JSONObject, Response, bad_response, is_object, object_with
from ..api import Api
from ..exceptions import ScaleBadResponse
from ..pagination import iterate
from ._fields import ListOf, Nested, wrong
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

#: What every call takes besides its arguments.
_TERMS = ("_request_timeout", "_headers")


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
            terms = checked({name: kwargs.pop(name, None) for name in _TERMS})
            if terms:
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
            under = self._under(**checked({name: kwargs.pop(name, None) for name in _TERMS}))
            query = get._check(self, *args, **kwargs)  # type: ignore[attr-defined]  # an operation

            def fetch(token: str | None) -> tuple[list[_T], str | None]:
                at = query if token is None else {**query, "next_token": token}
                page = cast("Callable[..., _P]", get)(under, **at)
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

    def __init__(self, api_client: ApiClient | None = None) -> None:
        if not isinstance(api_client, (ApiClient, type(None))):
            raise wrong("api_client", "an ApiClient", api_client)
        self.api_client = api_client or ApiClient()

    def __repr__(self) -> str:
        # Asked for in the middle of __init__ when a dump of variables shows a bad argument.
        api = getattr(vars(self).get("api_client"), "_api", None)
        return f"{type(self).__name__}({getattr(api, 'base_api_url', None)!r})"

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

    def _get(
        self, endpoint: str, model: type[_M], arguments: Mapping[str, Any], **request: Any
    ) -> _M:
        """Send a GET with the arguments of a call, its ``locals()``, as the query."""
        query = {name: value for name, value in arguments.items() if name != "self"}
        return _model(
            self.api.get_request(endpoint, params=query, **self._extras(), **request), model
        )

    def _extras(self) -> dict[str, Any]:
        return {} if self._headers is None else {"headers": self._headers}

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
        return _model(
            self.api.post_request(endpoint, body=body, **self._extras(), **request), model
        )

    if not TYPE_CHECKING:  # for checkers a class with __getattr__ has every attribute

        def __getattr__(self, name: str) -> Callable[..., Any]:
            for suffix, form in _FORMS.items():
                method = getattr(type(self), name.removesuffix(suffix), None)
                if name.endswith(suffix) and hasattr(method, "_check"):
                    return _in_form(self, method, form)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def _model(json: object, model: type[_M]) -> _M:
    """Return the model that a response is, or raise ScaleBadResponse."""
    lacking: str | None = object_with(*model._required)
    if is_object(json, *model._required):
        lacking = _lacking(json, model)
        if lacking is None:
            return model._of(json)
    error = bad_response(json, lacking or "")
    del json  # for whoever prints the variables of this frame: it may repeat a secret
    raise error


def _lacking(json: JSONObject, model: type[Model]) -> str | None:
    """Return what was expected of the JSON of a model and is not so."""
    for key in model._required:
        kind, value = model._fields[key].kind, json[key]
        if isinstance(kind, ListOf) and not isinstance(value, list):
            return "a JSON array"
        objects = value if isinstance(kind, ListOf) else [value]
        if isinstance(kind, (ListOf, Nested)) and not all(isinstance(one, dict) for one in objects):
            return "a JSON object"
    if not isinstance(json.get("next_token"), (str, type(None))):
        return "a page whose 'next_token' is a string"
    return None


def _with_http_info(response: Response, data: object) -> ApiResponse:
    return ApiResponse(response.status, response.headers, data, response.content)


#: The other forms of a call by the ends of their names, made of its response and its result.
_FORMS: dict[str, Callable[[Response, Any], Any]] = {
    "_with_http_info": _with_http_info,
    "_without_preload_content": lambda response, _: response.response,
}


def _in_form(
    operations: Operations, method: Callable[..., Any], form: Callable[[Response, Any], Any]
) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        data = method(operations, *args, **kwargs)
        response = Response.latest()
        if response is None:
            raise ScaleBadResponse("expected a response of the service, got that of a stub")
        return form(response, data)

    return call
