"""The API as calls: one request in, one answer or one error out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import quote

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from ._answers import Answer, failure
from ._links import checked_link, onward_link, same_origin
from ._requests import Query, new_request, query_string, set_body
from ._secrets import Hidden, Secrets
from ._settings import (
    KEEP,
    SCALE_API_BASE_URL_V1,
    Timeout,
    check_base_url,
    check_key,
    check_options,
    check_proxies,
    check_user_agent_extension,
    user_agent,
    without_version,
)
from ._transport.call import MAX_BODY, Call, CallRequest, Cancellation, Deadline
from ._transport.multipart import Multipart
from ._transport.policy import RETRYABLE_STATUSES, RepeatSafety
from ._transport.session import Cert, Transport, Verify
from ._uploads import open_upload
from .exceptions import ExceptionMap, ScaleArgumentError, ScaleException

__all__ = [
    "HTTP_RETRY_ALLOWED_METHODS",
    "HTTP_RETRY_BACKOFF_FACTOR",
    "HTTP_STATUS_FORCE_LIST",
    "HTTP_TOTAL_RETRIES",
    "SCALE_API_BASE_URL_V1",
    "Api",
    "ExceptionMap",
    "ScaleException",
]

# Names that the released package exports. Retries follow the repeat-safety of each call, see
# _transport/policy.py; these are its values in the old terms.
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
        api_key: The account's key; by default that of ``SCALE_API_KEY``.
        user_agent_extension: Appended to the User-Agent.
        api_instance_url: The base URL; by default that of ``SCALE_API_INSTANCE_URL``, or else
            the public service.
        verify: ``False`` turns the check of TLS certificates off; a path names the CAs.
        proxies: Proxy URL per scheme; by default those of the environment.
        cert: Client certificate: a path, or the paths of certificate and key.
        timeout: Seconds to connect and to read, per attempt.
        deadline: Seconds for a whole call, with all its attempts and waits.
        max_retries: How many times a call may be sent again.
        max_body: Bytes that one answer may have; what is larger is refused.

    Raises:
        ScaleArgumentError: An argument is bad.

    Example:
        >>> api = Api("live_...")
        >>> api.get_request("tasks", {"limit": 1})["total"]
        42
    """

    def __init__(
        self,
        api_key: str | None = None,
        user_agent_extension: str | None = None,
        api_instance_url: str | None = None,
        verify: Verify = None,
        proxies: Mapping[str, str] | None = None,
        cert: Cert = None,
        *,
        timeout: Timeout = (5, 60),
        deadline: float | None = 120,
        max_retries: int = 3,
        max_body: int = MAX_BODY,
    ) -> None:
        # Bound again, so that a dump of the variables of this frame does not show it.
        self.api_key = api_key = check_key(api_key)
        self.base_api_url = check_base_url(api_instance_url)
        self.verify = verify
        self.proxies = proxies
        self.cert = cert
        self._user_agent_extension = check_user_agent_extension(user_agent_extension)
        self.options = check_options(timeout, deadline, max_retries, max_body)
        self._transport = Transport(verify, cert)
        self._base_proxies = self._proxies_for(self.base_api_url)
        self._secrets = Secrets(self.api_key, self._base_proxies.values())
        self._authorization = self._secrets.authorization

    def __repr__(self) -> str:
        # Asked for in the middle of __init__ when a dump of variables shows a bad argument.
        return f"Api(base_api_url={getattr(self, 'base_api_url', None)!r})"

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
    ) -> Api:
        """Return an Api with other limits over the same connections.

        Args:
            timeout: Seconds to connect and to read; what is left out stays as it is.
            deadline: Seconds for a whole call.
            max_retries: How many times a call may be sent again.
            max_body: Bytes that one answer may have.

        Raises:
            ScaleArgumentError: One of them is no limit.
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

    def for_v2(self, url: str | None = None, api_key: str | None = None) -> Api:
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
        other._base_proxies = other._proxies_for(other.base_api_url)
        other._secrets = Secrets(other.api_key, other._base_proxies.values())
        other._authorization = other._secrets.bearer
        return other

    def _copy(self) -> Api:
        other = object.__new__(Api)
        other.__dict__.update(self.__dict__)
        return other

    def close(self) -> None:
        """Close the connections that are not in use; a later call opens new ones."""
        self._transport.close()

    @staticmethod
    def quote_string(text: str) -> str:
        """Return a name as one segment of a path: every reserved character is quoted."""
        return quote(text, safe="")

    def get_request(self, endpoint: str, params: Query | None = None) -> Any:
        """Send a GET and return its JSON.

        Args:
            endpoint: The path after the base URL, quoted.
            params: The query.

        Raises:
            ScaleException: The call failed.
        """
        return self.call("GET", endpoint, params=params).json()

    def post_request(
        self,
        endpoint: str,
        body: object = None,
        files: Mapping[str, IO[bytes]] | None = None,
        data: Mapping[str, str] | None = None,
    ) -> Any:
        """Send a POST and return its JSON.

        Args:
            endpoint: The path after the base URL, quoted.
            body: What is sent as JSON; ``None`` for no body.
            files: ``{"file": file}`` to upload a file.
            data: Form fields that go with the file.

        Raises:
            ScaleException: The call failed.
        """
        if files is None:
            return self.call("POST", endpoint, body=body).json()
        if set(files) != {"file"}:
            raise ScaleArgumentError("files", "must be {'file': file}")
        with open_upload(files["file"], None) as upload:
            multipart = Multipart(data or {}, upload.file, upload.name, upload.mime_type)
            return self.call("POST", endpoint, multipart=multipart).json()

    def put_request(self, endpoint: str, body: object = None, params: Query | None = None) -> Any:
        """Send a PUT and return its JSON.

        Args:
            endpoint: The path after the base URL, quoted.
            body: What is sent as JSON; ``None`` for no body.
            params: The query.

        Raises:
            ScaleException: The call failed.
        """
        return self.call("PUT", endpoint, params=params, body=body).json()

    def delete_request(
        self, endpoint: str, params: Query | None = None, body: object = None
    ) -> Any:
        """Send a DELETE and return its JSON.

        Args:
            endpoint: The path after the base URL, quoted.
            params: The query.
            body: What is sent as JSON; ``None`` for no body.

        Raises:
            ScaleException: The call failed.
        """
        return self.call("DELETE", endpoint, params=params, body=body).json()

    def call(
        self,
        method: str,
        endpoint: str,
        *,
        params: Query | None = None,
        body: object = None,
        multipart: Multipart | None = None,
        headers: Mapping[str, str] | None = None,
        repeat: RepeatSafety | None = None,
        deadline: Deadline | None = None,
        cancellation: Cancellation | None = None,
        redirect: bool = False,
    ) -> Answer:
        """Send a call, again if need be, and return its successful answer.

        Args:
            method: ``"GET"``, ``"POST"``, ``"PUT"`` or ``"DELETE"``.
            endpoint: The path after the base URL, quoted.
            params: The query.
            body: What is sent as JSON; ``None`` for no body.
            multipart: What is sent instead of JSON.
            headers: Further headers.
            repeat: How safe it is to send the call twice; by default a POST is not.
            deadline: One that has begun, when the call is a part of a larger one.
            cancellation: How another thread may end the call.
            redirect: Whether a redirect is an answer. It is never followed.

        Raises:
            ScaleException: The call failed.
        """
        query = query_string(params) if params else ""
        request = self._request(method, f"{self.base_api_url}/{endpoint}{query}", headers)
        request.headers["Authorization"] = self._authorization
        if method != "GET":
            set_body(request, body, multipart)
        default = RepeatSafety.IF_UNSENT if method == "POST" else RepeatSafety.ALWAYS
        request.call = Call(
            repeat=repeat or default,
            options=self.options,
            deadline=deadline or Deadline(self.options.deadline),
            cancellation=cancellation,
        )
        answer = self._send(request, self._base_proxies)
        if not 200 <= answer.response.status_code < (400 if redirect else 300):
            raise answer.error()
        return answer

    def download(self, url: str) -> bytes:
        """Return the file behind a result link.

        A link to this service is asked for with the account's key; from there one may lead on
        to a storage host, which gets no credentials, as does every other host
        (https://scale.com/docs/api-reference/secure-result-urls).

        Args:
            url: An ``http`` or ``https`` link.

        Raises:
            ScaleException: The call failed.
        """
        deadline = Deadline(self.options.deadline)
        answer = self._fetch(url, deadline)
        for _ in range(_MAX_REDIRECTS):
            onward = onward_link(answer)
            if onward is None:
                break
            answer = self._fetch(onward, deadline)
        if not 200 <= answer.response.status_code < 300:
            raise answer.error()
        return answer.content

    def _fetch(self, url: str, deadline: Deadline) -> Answer:
        """Get a link, with the key only if it leads to this service."""
        request = self._request("GET", checked_link(url))
        if same_origin(url, self.base_api_url):
            request.headers["Authorization"] = self._authorization
        request.call = Call(RepeatSafety.ALWAYS, self.options, deadline)
        return self._send(request, self._proxies_for(url))

    def _proxies_for(self, url: str) -> dict[str, str]:
        proxies = get_environ_proxies(url) if self.proxies is None else self.proxies
        # A URL may have a password in it.
        return {scheme: Hidden(one or "") for scheme, one in check_proxies(proxies).items()}

    def _request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None
    ) -> CallRequest:
        return new_request(method, url, user_agent(self._user_agent_extension), headers)

    def _send(self, request: CallRequest, proxies: dict[str, str]) -> Answer:
        try:
            response = self._transport.session.send(
                request,
                stream=True,  # the adapter reads the body, inside the deadline
                allow_redirects=False,
                proxies=proxies,
                timeout=(self.options.connect_timeout, self.options.read_timeout),
                verify=self.verify is not False,
                cert=None,
            )
            answer = Answer(request, response, self._secrets.hide)
            _ = answer.content  # a test adapter may have left it unread
            return answer
        except (requests.RequestException, HTTPError) as fault:
            error = failure(request, fault, self._secrets.hide)
            raise error from fault
        except ScaleArgumentError as error:
            # The file changed while it was sent. The frames below hold what is sent with it.
            raise error.with_traceback(None) from error.__cause__
