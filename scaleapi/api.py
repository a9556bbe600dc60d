"""The four verbs that every call of the API goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests
from urllib3.exceptions import HTTPError

from ._http.call import MAX_BODY, Call, Deadline
from ._http.failure import failure
from ._http.multipart import Multipart
from ._http.policy import RETRYABLE_STATUSES, is_idempotent
from ._http.request import Query, check_headers, endpoint_path, headers_for, set_body
from ._http.response import Response, describe
from ._http.secrets import Secrets
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

# Names that the released package exports. _http/policy.py has every retry rule; these are its
# values in the old terms.
HTTP_TOTAL_RETRIES = 3
HTTP_RETRY_BACKOFF_FACTOR = 2
HTTP_STATUS_FORCE_LIST = sorted(RETRYABLE_STATUSES)
HTTP_RETRY_ALLOWED_METHODS = frozenset({"GET", "POST", "DELETE"})

_MAX_REDIRECTS = 3


class Api:
    """Send calls to one Scale service as one account.

    Most people use it through :class:`scaleapi.ScaleClient`. It is public for calls that the
    client does not have.

    Args:
        api_key: The account's key; that of ``SCALE_API_KEY`` if omitted.
        user_agent_extension: Appended to the User-Agent.
        api_instance_url: The base URL; by default that of ``SCALE_API_INSTANCE_URL``, or else
            the public service.
        verify: ``False`` turns the check of TLS certificates off; a path names the CAs.
        proxies: Proxy URL per scheme, ``None`` for no proxy; by default those of the
            environment.
        cert: Client certificate: a path, or the paths of certificate and key.
        timeout: Seconds to connect and to read, per attempt.
        deadline: Seconds for a whole call, with all its attempts and waits.
        max_retries: How many times a call may be sent again.
        max_body: Bytes that one response may have; a larger one is rejected.

    Raises:
        ScaleArgumentError: An argument is bad.

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
        # Bound again, so that a dump of the variables of this frame does not show it.
        self.api_key = api_key = check_key(api_key)
        self.verify = verify
        self.proxies = None if proxies is None else check_proxies(proxies)
        self.cert = cert
        self._user_agent_extension = check_user_agent_extension(user_agent_extension)
        self.options = check_options(timeout, deadline, max_retries, max_body)
        self._transport = Transport(verify, cert)
        self.base_api_url = check_base_url(api_instance_url)
        self._authorization = self._secrets.authorization

    @property
    def base_api_url(self) -> str:
        """The base URL, to which the paths of calls are appended."""
        return self._base_api_url

    @base_api_url.setter
    def base_api_url(self, url: str) -> None:
        self._base_api_url = check_base_url(url)
        self._base = parse_link(self._base_api_url)
        self._proxy = proxy_for(self._base, self.proxies)
        self._secrets = Secrets(self.api_key, [self._proxy or "", *(self.proxies or {}).values()])

    def __repr__(self) -> str:
        # Asked for in the middle of __init__ when a dump of variables shows a bad argument.
        return f"Api(base_api_url={getattr(self, '_base_api_url', None)!r})"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_transport": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._transport = Transport(self.verify, self.cert)

    def with_options(
        self,
        *,
        timeout: Timeout = KEEP,
        deadline: float | None = KEEP,
        max_retries: int = KEEP,
        max_body: int = KEEP,
    ) -> Self:
        """Return an Api with other limits over the same connections.

        Args:
            timeout: Seconds to connect and to read; what is left out stays as it is.
            deadline: Seconds for a whole call.
            max_retries: How many times a call may be sent again.
            max_body: Bytes that one response may have.

        Raises:
            ScaleArgumentError: A limit is not a positive number.
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
        """Return an Api for the v2 service, over the same connections and with the same limits.

        Args:
            url: The URL of the service, by default that of this Api. A version at its end,
                as in ``https://api.scale.com/v1``, is replaced, else ``/v2`` is appended.
            api_key: The account's key, which is sent as Bearer; by default that of this Api.

        Raises:
            ScaleArgumentError: One of them is bad.
        """
        other = self._copy()
        other.api_key = check_key(self.api_key if api_key is None else api_key)
        url = check_base_url(self.base_api_url if url is None else url)
        other.base_api_url = f"{without_version(url)}/v2"
        try:
            other.api_key.encode("latin-1")
        except UnicodeEncodeError:
            problem = "must have Latin-1 characters only for the v2 API, which takes it as it is"
            raise ScaleArgumentError("api_key", problem) from None
        other._authorization = other._secrets.bearer
        return other

    def _copy(self) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def close(self) -> None:
        """Close the connections that are not in use; a later call opens new ones."""
        self._transport.close()

    @staticmethod
    def quote_string(text: str) -> str:
        """Return a name as one segment of a path: every reserved character is quoted."""
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
            endpoint: The path after the base URL, quoted.
            params: The query.
            headers: Further headers.
            deadline: One that has begun, when the call is a part of a larger one.
            redirect: Whether a redirect is a success. It is never followed.

        Raises:
            ScaleException: The call failed.
        """
        call = self._call("GET", endpoint, params, headers, is_idempotent("GET"), deadline)
        return self._json(call, 400 if redirect else 300)

    def post_request(
        self,
        endpoint: str,
        body: object = None,
        files: Mapping[str, Uploadable] | None = None,
        data: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        idempotent: bool = False,
        deadline: Deadline | None = None,
        params: Query | None = None,
    ) -> Any:
        """Send a POST and return its JSON, ``None`` if the body is not JSON.

        Args:
            endpoint: The path after the base URL, quoted.
            body: What is sent as JSON; ``None`` for no body.
            files: ``{"file": file}`` or ``{"file": (name, file)}`` to upload a file.
            data: Form fields that go with the file; a list is a repeated field.
            headers: Further headers.
            idempotent: Whether the call may be sent twice, because that has the effect of once.
            deadline: One that has begun, when the call is a part of a larger one.
            params: The query.

        Raises:
            ScaleException: The call failed.
        """
        call = self._call("POST", endpoint, params, headers, idempotent, deadline)
        if files is None:
            if data:
                raise ScaleArgumentError("data", "must come with files; give body for JSON")
            return self._json(call, body=body)
        if not isinstance(files, Mapping) or set(files) != {"file"}:
            raise ScaleArgumentError("files", "must be {'file': file}")
        with open_upload(files["file"]) as upload:
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
            endpoint: The path after the base URL, quoted.
            body: What is sent as JSON; ``None`` for no body.
            params: The query.
            headers: Further headers.
            deadline: One that has begun, when the call is a part of a larger one.

        Raises:
            ScaleException: The call failed.
        """
        call = self._call("PUT", endpoint, params, headers, is_idempotent("PUT"), deadline)
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
            endpoint: The path after the base URL, quoted.
            params: The query.
            body: What is sent as JSON; ``None`` for no body.
            headers: Further headers.
            deadline: One that has begun, when the call is a part of a larger one.

        Raises:
            ScaleException: The call failed.
        """
        call = self._call("DELETE", endpoint, params, headers, is_idempotent("DELETE"), deadline)
        return self._json(call, body=body)

    def download(self, url: str) -> bytes:
        """Return the file behind a result link.

        A link to this service is requested with the account's key; from there one may lead on
        to a storage host, which gets no credentials, as does every other host
        (https://scale.com/docs/api-reference/secure-result-urls).

        Args:
            url: An ``http`` or ``https`` link.

        Raises:
            ScaleArgumentError: It is not such a link.
            ScaleBadResponse: It leads to something that is not such a link.
            ScaleException: The call failed.
        """
        try:
            target = parse_link(url)
        except ValueError as error:
            raise ScaleArgumentError("response_url", f"must be a link: {error}") from None
        deadline = Deadline(self.options.deadline)
        # Once it has led to another host, the key is not sent any more.
        trusted = target.origin == self._base.origin
        response = self._fetch(target, trusted, deadline)
        for _ in range(_MAX_REDIRECTS):
            onward = response.redirect_target()
            if onward is None:
                break
            trusted = trusted and onward.origin == self._base.origin
            response = self._fetch(onward, trusted, deadline)
        if not 200 <= response.status < 300:
            raise response.error()
        return response.content

    def _fetch(self, target: Url, trusted: bool, deadline: Deadline) -> Response:
        call = Call("GET", target, proxy_for(target, self.proxies), self.options, True, deadline)
        authorization = self._authorization if trusted else None
        call.headers = headers_for(user_agent(self._user_agent_extension), authorization)
        return self._send(call)

    def _call(
        self,
        method: str,
        endpoint: str,
        params: Query | None,
        headers: Mapping[str, str] | None,
        idempotent: bool,
        deadline: Deadline | None,
    ) -> Call:
        """Return a call to the service without a body."""
        call = Call(
            method,
            self._base.at(endpoint_path(endpoint, params)),
            self._proxy,
            self.options,
            idempotent,
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
        Response.forget()  # the JSON of a last page would be in the way of the next
        response = self._send(call)
        if not 200 <= response.status < success_below:
            raise response.error()
        return response.json()

    def _send(self, call: Call) -> Response:
        try:
            # The proxy is the call's and the TLS settings are the adapter's; given here, so that
            # requests does not work them out for each call.
            response = self._transport.session.send(
                call, stream=True, allow_redirects=False, proxies={}, verify=True, cert=None
            )
            return Response(call, response, self._hide(call))
        except (requests.RequestException, HTTPError) as fault:
            error = failure(call, fault, self._hide(call))
            raise error from error.__cause__
        except ScaleArgumentError as error:
            # The file changed while it was sent. The frames below hold what is sent with it.
            raise describe(error.with_traceback(None), call) from error.__cause__

    def _hide(self, call: Call) -> Callable[[str], str]:
        """Return what removes the secrets of the client, and of this call's proxy, from a text."""
        if call.proxy == self._proxy:
            return self._secrets.hide
        return Secrets(self.api_key, [call.proxy or ""]).hide


class Resource:
    """A group of the client's calls; the client has one ``api`` for all of them."""

    api: Api

    #: Whether a name that is probably a mistake is an error instead of a warning.
    strict_parameters: bool
