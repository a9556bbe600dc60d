"""What every call of the v2 API is made with."""

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
    """A response and what it was read as, as the calls named ``*_with_http_info`` return it.

    Attributes:
        status_code: The HTTP status.
        headers: The headers, without regard to case.
        data: What the call returns.
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
        # Asked for in the middle of __init__ when a dump of variables shows a bad argument.
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
        """Send a GET; its arguments are those of :meth:`Query.of`."""
        return cast("_M", self._send(Query.of(endpoint, model, parameters, terms, one_of)))

    def _send(self, query: Query, **more: Any) -> Model:
        """Send a GET, and return the model that the response is."""
        api, extras = self._under(query.terms)
        return model_of(
            api.get_request(query.endpoint, params=query.given, **extras, **more), query.model
        )

    def _post(self, endpoint: str, model: type[_M], body: Body, terms: Terms, **more: Any) -> _M:
        """Send a POST, and return the model that the response is.

        Args:
            endpoint: The path.
            model: What the response is.
            body: The body.
            terms: What the call was given besides its arguments.
            **more: What the request has that an ordinary one does not, such as ``idempotent``.
        """
        api, extras = self._under(terms)
        return model_of(api.post_request(endpoint, body=body.json(), **extras, **more), model)

    def _under(self, terms: Terms) -> tuple[Api, dict[str, Any]]:
        """Return the transport under the terms of one call, and what its request has besides."""
        check_terms(terms)
        timeout, headers = terms.get("_request_timeout"), terms.get("_headers")
        api = self.api if timeout is None else self.api.with_options(timeout=timeout)
        return api, {} if headers is None else {"headers": dict(headers)}


class _Preparation:
    """Stands for the operations where a request is to be checked and not yet sent."""

    _get = staticmethod(Query.of)


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
            # Bad arguments are reported here, not where the first page is fetched.
            query: Query = cast("Any", get)(_Preparation, *args, **kwargs)

            def fetch(token: str | None) -> tuple[list[_T], str | None]:
                page = cast("_P", self._send(query.at(token)))
                return items(self, page), page.next_token or None

            return iterate(fetch)

        wraps(items)(call)
        call.__wrapped__ = get  # type: ignore[attr-defined]  # whose signature it has
        return call

    return decorate


def with_http_info(
    call: Callable[Concatenate[_S, _A], _T],
) -> Callable[Concatenate[_S, _A], ApiResponse[_T]]:
    """Make the form of a call that returns the response and what it was read as."""

    def other(self: _S, /, *args: _A.args, **kwargs: _A.kwargs) -> ApiResponse[_T]:
        Response.forget()
        data = call(self, *args, **kwargs)
        response = Response.latest()
        if response is None:  # a stub stands for the service
            return ApiResponse(200, {}, data, b"")
        return ApiResponse(response.status, response.headers, data, response.content)

    return _named(other, call, "with_http_info")


def without_preload_content(
    call: Callable[Concatenate[_S, _A], object],
) -> Callable[Concatenate[_S, _A], requests.Response]:
    """Make the form of a call that returns the response of ``requests``."""

    def other(self: _S, /, *args: _A.args, **kwargs: _A.kwargs) -> requests.Response:
        Response.forget()
        call(self, *args, **kwargs)
        response = Response.latest()
        if response is None:
            raise ScaleBadResponse("expected a response of the service, got that of a stub")
        return response.response

    return _named(other, call, "without_preload_content")


def _named(form: _F, call: Callable[..., Any], suffix: str) -> _F:
    wraps(call)(form)
    form.__name__ = f"{call.__name__}_{suffix}"
    form.__qualname__ = f"{call.__qualname__}_{suffix}"
    return form


def model_of(json: object, model: type[_M]) -> _M:
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
