"""The four HTTP methods that every API call goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests
from urllib3.exceptions import HTTPError

from ._arguments import is_given, pairs_of
from ._http.call import MAX_BODY, Call, Deadline
from ._http.failure import failure
from ._http.multipart import Fields, Multipart
from ._http.policy import RETRYABLE_STATUSES, is_idempotent
from ._http.request import Query, check_headers, endpoint_path, headers_for, set_body
from ._http.response import Response, describe
from ._http.secrets import Secrets, hidden
from ._http.session import Cert, Transport, Verify
from ._http.settings import (
    ENVIRONMENT,
    KEEP,
    SCALE_API_BASE_URL_V1,
    Timeout,
    check_base_url,
    check_key,
    check_options,
    check_proxies,
    check_user_agent_extension,
    proxy_for,
    user_agent,
    without_version,
)
from ._http.uploads import Uploadable, open_upload
from ._http.url import Url, parse_link
from ._interruption import raise_interruption
from .exceptions import ExceptionMap, ScaleArgumentError, ScaleException

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "HTTP_RETRY_ALLOWED_METHODS",
    "HTTP_RETRY_BACKOFF_FACTOR",
    "HTTP_STATUS_FORCE_LIST",
    "HTTP_TOTAL_RETRIES",
    "SCALE_API_BASE_URL_V1",
    "Api",
    "ExceptionMap",
    "Resource",
    "ScaleException",
]

# Exported for compatibility with scaleapi 2. The retry rules are in _http/policy.py.
HTTP_TOTAL_RETRIES = 3
HTTP_RETRY_BACKOFF_FACTOR = 2
HTTP_STATUS_FORCE_LIST = sorted(RETRYABLE_STATUSES)
HTTP_RETRY_ALLOWED_METHODS = frozenset({"GET", "POST", "DELETE"})

_MAX_REDIRECTS = 3


class Api:
    """Send requests to a Scale service with the key of one account.

    Most programs use :class:`scaleapi.ScaleClient`. Use this class, as ``client.api``, for
    endpoints that the client does not support.

    Args:
        api_key: The API key. By default, the environment variable ``SCALE_API_KEY``.
        user_agent_extension: Appended to the User-Agent.
        api_instance_url: The base URL. By default, the environment variable
            ``SCALE_API_INSTANCE_URL``, or else the public service.
        verify: ``False`` disables the verification of TLS certificates. A path selects the CAs to
            trust.
        proxies: Proxy URLs by scheme; ``{}`` for no proxy. By default, the proxies of the
            environment.
        cert: A client certificate: a path, or the paths of certificate and key.
        timeout: Connect timeout and read timeout of each attempt, in seconds.
        deadline: Maximum duration of a call in seconds, including retries and waits.
        max_retries: Maximum number of retries of a call.
        max_body: Maximum size of a response in bytes. Larger responses are rejected.

    Raises:
        ScaleArgumentError: If an argument is invalid.

    Example:
        >>> api = Api("live_...")
        >>> api.get_request("tasks", {"limit": 1})["total"]
        42
    """

    def __init__(
        self,
        api_key: str = ENVIRONMENT,
        user_agent_extension: str | None = None,
        api_instance_url: str | None = None,
        verify: Verify = None,
        proxies: Mapping[str, str | None] | None = None,
        cert: Cert = None,
        *,
        timeout: Timeout = (10, 120),
        deadline: float | None = 600,
        max_retries: int = 3,
        max_body: int = MAX_BODY,
    ) -> None:
        api_key, proxies = hidden(api_key), hidden(proxies)
        self.api_key = api_key = check_key(api_key)
        self.verify = verify
        self.proxies = check_proxies(proxies)
        self.cert = cert
        self._user_agent_extension = check_user_agent_extension(user_agent_extension)
        self.options = check_options(timeout, deadline, max_retries, max_body)
        self._transport = Transport(verify, cert)
        self.base_api_url = check_base_url(api_instance_url)
        self._authorization = self._secrets.authorization

    @property
    def base_api_url(self) -> str:
        """The base URL, to which the endpoint of each call is appended."""
        return self._base_api_url

    @base_api_url.setter
    def base_api_url(self, url: str) -> None:
        self._base_api_url = check_base_url(url)
        self._base = parse_link(self._base_api_url)
        self._proxy = proxy_for(self._base, self.proxies)
        self._secrets = Secrets(self.api_key, [self._proxy or "", *(self.proxies or {}).values()])

    def hide(self, text: str) -> str:
        """Return a text without the client's secrets."""
        return self._secrets.hide(text)

    def __repr__(self) -> str:
        # Error reporters may call this before __init__ is done, if an argument is invalid.
        return f"Api(base_api_url={getattr(self, '_base_api_url', None)!r})"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_transport": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._transport = Transport(self.verify, self.cert)
        self.base_api_url = self._base_api_url  # the environment here may have another proxy

    def with_options(
        self,
        *,
        timeout: Timeout = KEEP,
        deadline: float | None = KEEP,
        max_retries: int = KEEP,
        max_body: int = KEEP,
    ) -> Self:
        """Return an Api with other limits that shares the connections of this one.

        Arguments that are omitted keep their values.

        Args:
            timeout: Connect timeout and read timeout of each attempt, in seconds.
            deadline: Maximum duration of a call in seconds.
            max_retries: Maximum number of retries of a call.
            max_body: Maximum size of a response in bytes.

        Raises:
            ScaleArgumentError: If a limit is not a positive number.
        """
        now = self.options
        other = self._copy()
        other.options = check_options(
            (now.connect_timeout, now.read_timeout) if timeout is KEEP else timeout,
            now.deadline if deadline is KEEP else deadline,
            now.max_retries if max_retries is KEEP else max_retries,
            now.max_body if max_body is KEEP else max_body,
        )
        return other

    def for_v2(self, url: str | None = None, api_key: str | None = None) -> Self:
        """Return an Api for the v2 service, with the same connections and limits.

        Args:
            url: The URL of the service. By default, the URL of this Api. A version at the end, as
                in ``https://api.scale.com/v1``, is replaced; otherwise ``/v2`` is appended.
            api_key: The API key, sent as a Bearer token. By default, the key of this Api.

        Raises:
            ScaleArgumentError: If an argument is invalid.
        """
        api_key = hidden(api_key)
        other = self._copy()
        other.api_key = check_key(self.api_key if api_key is None else api_key)
        url = check_base_url(url if is_given(url) else self.base_api_url)
        other.base_api_url = f"{without_version(url)}/v2"
        try:
            other.api_key.encode("latin-1")
        except UnicodeEncodeError:
            problem = "must contain only Latin-1 characters for the v2 API"
            raise ScaleArgumentError("api_key", problem) from None
        other._authorization = other._secrets.bearer
        return other

    def _copy(self) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def close(self) -> None:
        """Close the connections that are not in use. Later calls open new ones."""
        self._transport.close()

    @staticmethod
    def quote_string(text: str) -> str:
        """Quote a name for use as a single path segment."""
        return quote(text, safe="")

    def get_request(
        self,
        endpoint: str,
        params: Query | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: Deadline | None = None,
        redirect: bool = False,
    ) -> Any:
        """Send a GET and return its JSON, ``None`` if the body is not JSON.

        Args:
            endpoint: The quoted path, relative to the base URL.
            params: The query parameters.
            headers: Additional headers.
            deadline: The deadline of the operation that this call is part of, if any.
            redirect: Whether a redirect counts as success. Redirects are never followed.

        Raises:
            ScaleException: If the call failed.
        """
        call = self._call("GET", endpoint, params, headers, deadline)
        return self._json(call, 400 if redirect else 300)

    def post_request(
        self,
        endpoint: str,
        body: object = None,
        files: Mapping[str, Uploadable] | Iterable[tuple[str, Uploadable]] | None = None,
        data: Fields | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        idempotent: bool = False,
        deadline: Deadline | None = None,
        params: Query | None = None,
    ) -> Any:
        """Send a POST and return its JSON, ``None`` if the body is not JSON.

        Args:
            endpoint: The quoted path, relative to the base URL.
            body: The JSON body; ``None`` for no body.
            files: ``{"file": file}`` or ``{"file": (name, file)}`` to upload a file.
            data: Form fields to send with the file. A list is sent as a repeated field.
            headers: Additional headers.
            idempotent: Whether sending the call twice has the same effect as sending it once.
            deadline: The deadline of the operation that this call is part of, if any.
            params: The query parameters.

        Raises:
            ScaleException: If the call failed.
        """
        call = self._call("POST", endpoint, params, headers, deadline, idempotent)
        if files is None:
            if data:
                raise ScaleArgumentError("data", "must come with files; give body for JSON")
            return self._json(call, body=body)
        parts = pairs_of("files", files)
        if [name for name, _ in parts] != ["file"]:
            raise ScaleArgumentError("files", "must be {'file': file}")
        with open_upload(parts[0][1]) as upload:
            return self._json(call, multipart=Multipart(data or {}, upload))

    def put_request(
        self,
        endpoint: str,
        body: object = None,
        params: Query | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: Deadline | None = None,
    ) -> Any:
        """Send a PUT and return its JSON, ``None`` if the body is not JSON.

        Args:
            endpoint: The quoted path, relative to the base URL.
            body: The JSON body; ``None`` for no body.
            params: The query parameters.
            headers: Additional headers.
            deadline: The deadline of the operation that this call is part of, if any.

        Raises:
            ScaleException: If the call failed.
        """
        call = self._call("PUT", endpoint, params, headers, deadline)
        return self._json(call, body=body)

    def delete_request(
        self,
        endpoint: str,
        params: Query | None = None,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: Deadline | None = None,
    ) -> Any:
        """Send a DELETE and return its JSON, ``None`` if the body is not JSON.

        Args:
            endpoint: The quoted path, relative to the base URL.
            params: The query parameters.
            body: The JSON body; ``None`` for no body.
            headers: Additional headers.
            deadline: The deadline of the operation that this call is part of, if any.

        Raises:
            ScaleException: If the call failed.
        """
        call = self._call("DELETE", endpoint, params, headers, deadline)
        return self._json(call, body=body)

    def download(self, url: str, *, first: int | None = None) -> bytes:
        """Return the file at a result link.

        The API key is sent only to this service. The service may redirect to a storage host, which
        gets no credentials (https://scale.com/docs/api-reference/secure-result-urls).

        Args:
            url: An ``http`` or ``https`` link.
            first: How many bytes of it are enough. Not every server can send a part of a file.

        Raises:
            ScaleArgumentError: If the URL is not such a link.
            ScaleBadResponse: If a redirect cannot be followed.
            ScaleException: If the download failed.
        """
        try:
            target = parse_link(url)
        except ValueError as error:
            raise ScaleArgumentError("response_url", f"must be a link: {error}") from None
        deadline = Deadline(self.options.deadline)
        # After a redirect to another host, the key is no longer sent.
        trusted = target.origin == self._base.origin
        response = self._fetch(target, trusted, deadline, first)
        for _ in range(_MAX_REDIRECTS):
            onward = response.redirect_target()
            if onward is None:
                break
            trusted = trusted and onward.origin == self._base.origin
            response = self._fetch(onward, trusted, deadline, first)
        if response.redirect_target() is not None:
            raise response.bad(f"a file after at most {_MAX_REDIRECTS} redirects")
        if not 200 <= response.status < 300:
            raise response.error()
        return response.content[:first]

    def _fetch(self, target: Url, trusted: bool, deadline: Deadline, first: int | None) -> Response:
        call = Call("GET", target, proxy_for(target, self.proxies), self.options, True, deadline)
        part: dict[str, str] = {}
        if first is not None:  # a part of a compressed file could not be decompressed
            part = {"Range": f"bytes=0-{first - 1}", "Accept-Encoding": "identity"}
        call.headers = headers_for(
            user_agent(self._user_agent_extension), self._authorization if trusted else None, part
        )
        return self._send(call)

    def _call(
        self,
        method: str,
        endpoint: str,
        params: Query | None,
        headers: Mapping[str, str] | None,
        deadline: Deadline | None,
        idempotent: bool = False,
    ) -> Call:
        """Create a call to the service, without a body."""
        call = Call(
            method,
            self._base.at(endpoint_path(endpoint, params)),
            self._proxy,
            self.options,
            idempotent or is_idempotent(method),
            deadline or Deadline(self.options.deadline),
        )
        if headers is not None:
            check_headers("headers", headers)
        agent = user_agent(self._user_agent_extension)
        call.headers = headers_for(agent, self._authorization, headers)
        return call

    def _json(
        self,
        call: Call,
        success_below: int = 300,
        body: object = None,
        multipart: Multipart | None = None,
    ) -> Any:
        """Send a call and return the JSON of its successful response."""
        if call.method != "GET":
            set_body(call, body, multipart)
        Response.forget()  # free the JSON of the last page before the next one is read
        response = self._send(call)
        if not 200 <= response.status < success_below:
            raise response.error()
        return response.json()

    def _send(self, call: Call) -> Response:
        try:
            # The call has the proxy and the adapter the TLS settings. Passing these arguments
            # keeps requests from computing its own settings for each call.
            response = self._transport.session.send(
                call, stream=True, allow_redirects=False, proxies={}, verify=True, cert=None
            )
            return Response(call, response, self._hide(call))
        except (requests.RequestException, HTTPError) as fault:
            raise_interruption(fault)  # a signal handler may raise these too
            error: ScaleException = failure(call, fault, self._hide(call))
        except ScaleArgumentError as changed:
            # The file changed during the upload. Drop the traceback: its frames hold the request.
            error = describe(changed.with_traceback(None), call)
        # Outside the except clauses, or the fault would be the context of the error.
        raise error

    def _hide(self, call: Call) -> Callable[[str], str]:
        """Return a function that removes the client's and the proxy's secrets from a text."""
        if call.proxy == self._proxy:
            return self._secrets.hide
        return Secrets(self.api_key, [call.proxy or ""]).hide


class Resource:
    """A group of the client's calls. All groups share the ``api`` of the client."""

    api: Api

    #: Whether a name that is probably a mistake is an error instead of a warning.
    strict_parameters: bool
