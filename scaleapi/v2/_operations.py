"""The common base of all v2 calls."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar, cast

import requests

from .._http.response import JSONObject, Response, bad_response, is_object, object_with
from .._model.kinds import ListOf, Nested, wrong
from .._model.objects import Model, Page
from ..api import Api
from ..exceptions import ScaleBadResponse
from ..pagination import iterate
from ._requests import Body, Parameters, Query, Terms, check_terms
from .configuration import ApiClient

__all__ = [
    "ApiResponse",
    "Operations",
    "pages_of",
    "with_http_info",
    "without_preload_content",
]

_T = TypeVar("_T")
_A = ParamSpec("_A")
_F = TypeVar("_F", bound=Callable[..., Any])
_M = TypeVar("_M", bound=Model)
_P = TypeVar("_P", bound=Page)
_S = TypeVar("_S", bound="Operations")


class _Response(NamedTuple):
    status_code: int
    headers: Mapping[str, str]
    data: Any
    raw_data: bytes


class ApiResponse(_Response, Generic[_T]):
    """The result of a ``*_with_http_info`` call: the response, and the data decoded from it.

    Attributes:
        status_code: The HTTP status.
        headers: The headers, with case-insensitive names.
        data: The result of the ordinary call.
        raw_data: The body.
    """

    __slots__ = ()

    if TYPE_CHECKING:  # NamedTuple itself cannot be generic before Python 3.11

        @property
        def data(self) -> _T: ...


class Operations:
    """A group of the calls of the v2 API; see :class:`V2Api`."""

    def __init__(self, api_client: ApiClient | None = None) -> None:
        if not isinstance(api_client, (ApiClient, type(None))):
            raise wrong("api_client", "an ApiClient", api_client)
        self.api_client = api_client or ApiClient()

    def __repr__(self) -> str:
        # Error reporters may call this before __init__ is done, if an argument is invalid.
        api = getattr(vars(self).get("api_client"), "_api", None)
        return f"{type(self).__name__}({getattr(api, 'base_api_url', None)!r})"

    @property
    def api(self) -> Api:
        """The transport of the calls."""
        return self.api_client.api

    def _get(
        self,
        endpoint: str,
        model: type[_M],
        parameters: Parameters,
        terms: Terms,
        one_of: tuple[str, ...] = (),
    ) -> _M:
        """Send a GET request. The arguments are those of :meth:`Query.of`."""
        return cast("_M", self._send(Query.of(endpoint, model, parameters, terms, one_of)))

    def _send(self, query: Query, **more: Any) -> Model:
        """Send a GET request, and return the model of the response."""
        api, extras = self._under(query.terms)
        return model_of(
            api.get_request(query.endpoint, params=query.given, **extras, **more), query.model
        )

    def _post(self, endpoint: str, model: type[_M], body: Body, terms: Terms, **more: Any) -> _M:
        """Send a POST request, and return the model of the response.

        Args:
            endpoint: The path.
            model: The model of the response.
            body: The body.
            terms: The options of the call.
            **more: Arguments for :meth:`Api.post_request`, such as ``idempotent``.
        """
        api, extras = self._under(terms)
        return model_of(api.post_request(endpoint, body=body.json(), **extras, **more), model)

    def _under(self, terms: Terms) -> tuple[Api, dict[str, Any]]:
        """Return the transport for the options of a call, and the arguments for its request."""
        check_terms(terms)
        timeout, headers = terms.get("_request_timeout"), terms.get("_headers")
        api = self.api if timeout is None else self.api.with_options(timeout=timeout)
        return api, {} if headers is None else {"headers": dict(headers)}


class _Preparation:
    """A substitute for the operations that validates a request without sending it."""

    _get = staticmethod(Query.of)


def pages_of(
    get: Callable[Concatenate[_S, _A], _P],
) -> Callable[
    [Callable[[_S, _P], list[_T]]], Callable[Concatenate[_S, _A], Generator[_T, None, None]]
]:
    """Turn a function that returns the items of a page into a generator over all pages.

    The generator has the arguments of the call, and fetches one page ahead.

    Args:
        get: The call that returns one page.
    """

    def decorate(
        items: Callable[[_S, _P], list[_T]],
    ) -> Callable[Concatenate[_S, _A], Generator[_T, None, None]]:
        def call(self: _S, /, *args: _A.args, **kwargs: _A.kwargs) -> Generator[_T, None, None]:
            # Reports invalid arguments here, not at the first iteration.
            query: Query = cast("Any", get)(_Preparation, *args, **kwargs)

            def fetch(token: str | None) -> tuple[list[_T], str | None]:
                page = cast("_P", self._send(query.at(token)))
                return items(self, page), page.next_token or None

            return iterate(fetch)

        wraps(items)(call)
        call.__wrapped__ = get  # type: ignore[attr-defined]  # the source of the signature
        return call

    return decorate


def with_http_info(
    call: Callable[Concatenate[_S, _A], _T],
) -> Callable[Concatenate[_S, _A], ApiResponse[_T]]:
    """Create the form of a call that returns the response with the decoded data."""

    def other(self: _S, /, *args: _A.args, **kwargs: _A.kwargs) -> ApiResponse[_T]:
        Response.forget()
        data = call(self, *args, **kwargs)
        response = Response.latest()
        if response is None:  # a test stub replaces the service
            return ApiResponse(200, {}, data, b"")
        return ApiResponse(response.status, response.headers, data, response.content)

    return _named(other, call, "with_http_info")


def without_preload_content(
    call: Callable[Concatenate[_S, _A], object],
) -> Callable[Concatenate[_S, _A], requests.Response]:
    """Create the form of a call that returns the ``requests.Response``."""

    def other(self: _S, /, *args: _A.args, **kwargs: _A.kwargs) -> requests.Response:
        Response.forget()
        call(self, *args, **kwargs)
        response = Response.latest()
        if response is None:
            raise ScaleBadResponse("expected a response of the service, got one of a test stub")
        return response.response

    return _named(other, call, "without_preload_content")


def _named(form: _F, call: Callable[..., Any], suffix: str) -> _F:
    wraps(call)(form)
    form.__name__ = f"{call.__name__}_{suffix}"
    form.__qualname__ = f"{call.__qualname__}_{suffix}"
    return form


def model_of(json: object, model: type[_M]) -> _M:
    """Create a model from a response, or raise ScaleBadResponse."""
    lacking: str | None = object_with(*model._required)
    if is_object(json, *model._required):
        lacking = _lacking(json, model)
        if lacking is None:
            return model._of(json)
    error = bad_response(json, lacking or "")
    del json  # error reporters may print local variables, and this may repeat a secret
    raise error


def _lacking(json: JSONObject, model: type[Model]) -> str | None:
    """Return what was expected of valid JSON, or ``None`` if the JSON is valid."""
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
