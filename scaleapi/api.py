"""The API as calls: one request in, one answer or one error out."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from itertools import chain
from typing import IO, Any
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from ._answers import Answer, failure
from ._arguments import unicode_of
from ._settings import (
    KEEP,
    SCALE_API_BASE_URL_V1,
    Hidden,
    Timeout,
    check_base_url,
    check_key,
    check_options,
    check_proxies,
    check_user_agent_extension,
    user_agent,
)
from ._transport.call import Call, CallRequest, Cancellation, Deadline
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

#: Values of a query; a list is sent as a repeated key, ``None`` is left out.
Query = Mapping[str, Any]


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
    ) -> None:
        # Bound again, so that a dump of the variables of this frame does not show it.
        self.api_key = api_key = check_key(api_key)
        self.base_api_url = check_base_url(api_instance_url)
        self.verify = verify
        self.proxies = proxies
        self.cert = cert
        self._user_agent_extension = check_user_agent_extension(user_agent_extension)
        self.options = check_options(timeout, deadline, max_retries)
        self._transport = Transport(verify, cert)
        basic = Hidden(base64.b64encode(f"{self.api_key}:".encode()).decode("ascii"))
        self._authorization = Hidden(f"Basic {basic}")
        self._base_proxies = self._proxies_for(self.base_api_url)
        proxy_secrets = map(_secrets_of, self._base_proxies.values())
        # What is shorter is no secret, and hiding it would tear ordinary words apart.
        secrets = (self.api_key, basic, *chain.from_iterable(proxy_secrets))
        self._secrets = [Hidden(one) for one in secrets if len(one) > 5]

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
    ) -> Api:
        """Return an Api with other limits over the same connections.

        Args:
            timeout: Seconds to connect and to read; what is left out stays as it is.
            deadline: Seconds for a whole call.
            max_retries: How many times a call may be sent again.

        Raises:
            ScaleArgumentError: One of them is no limit.
        """
        now = self.options
        other = object.__new__(Api)
        other.__dict__.update(self.__dict__)
        other.options = check_options(
            (now.connect_timeout, now.read_timeout) if timeout is KEEP else timeout,
            now.deadline if deadline is KEEP else deadline,
            now.max_retries if max_retries is KEEP else max_retries,
        )
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

        Raises:
            ScaleException: The call failed.
        """
        query = _encoded(params) if params else ""
        request = self._request(method, f"{self.base_api_url}/{endpoint}{query}", headers)
        request.headers["Authorization"] = self._authorization
        if multipart is not None:
            request.body = multipart  # type: ignore[assignment]  # any object with read() is sent
            request.headers["Content-Type"] = multipart.content_type
            request.headers["Content-Length"] = str(len(multipart))
        elif method != "GET":
            request.body = b"" if body is None else _json_bytes(body)
            request.headers["Content-Type"] = "application/json"
            request.headers["Content-Length"] = str(len(request.body))
        default = RepeatSafety.IF_UNSENT if method == "POST" else RepeatSafety.ALWAYS
        request.call = Call(
            repeat=repeat or default,
            options=self.options,
            deadline=deadline or Deadline(self.options.deadline),
            cancellation=cancellation,
        )
        answer = self._send(request, self._base_proxies)
        if not 200 <= answer.response.status_code < 300:
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
            onward = _onward(answer)
            if onward is None:
                break
            answer = self._fetch(onward, deadline)
        if not 200 <= answer.response.status_code < 300:
            raise answer.error()
        return answer.content

    def _fetch(self, url: str, deadline: Deadline) -> Answer:
        """Get a link, with the key only if it leads to this service."""
        request = self._request("GET", _checked_link(url), None)
        if _origin(url) == _origin(self.base_api_url):
            request.headers["Authorization"] = self._authorization
        request.call = Call(RepeatSafety.ALWAYS, self.options, deadline)
        return self._send(request, self._proxies_for(url))

    def _proxies_for(self, url: str) -> dict[str, str]:
        proxies = get_environ_proxies(url) if self.proxies is None else self.proxies
        # A URL may have a password in it.
        return {scheme: Hidden(one or "") for scheme, one in check_proxies(proxies).items()}

    def _request(self, method: str, url: str, headers: Mapping[str, str] | None) -> CallRequest:
        request = CallRequest()
        request.method = method
        request.url = url
        request.headers = CaseInsensitiveDict(
            {
                "User-Agent": user_agent(self._user_agent_extension),
                "Accept": "*/*",
                "Accept-Encoding": "gzip, deflate",
                **(headers or {}),
            }
        )
        return request

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
            answer = Answer(request, response, self._hide)
            _ = answer.content  # a test adapter may have left it unread
            return answer
        except (requests.RequestException, HTTPError) as fault:
            error = failure(request, fault, self._hide)
            raise error from fault
        except ScaleArgumentError as error:
            # The file changed while it was sent. The frames below hold what is sent with it.
            raise error.with_traceback(None) from error.__cause__

    def _hide(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "<hidden>")
        return text


def _secrets_of(proxy: str) -> list[str]:
    """Return the password of a proxy in each form in which it is written or sent."""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if not parts.password:
        return []
    password = unquote(parts.password)
    login = f"{unquote(parts.username or '')}:{password}".encode("latin-1", "replace")
    return [base64.b64encode(login).decode("ascii"), parts.password, password]


def _encoded(params: Query) -> str:
    """Return a query as the service takes it: ``True``/``False``, lists as repeated keys."""
    pairs: list[tuple[str, str]] = []
    for key, value in params.items():
        several = isinstance(value, Iterable) and not isinstance(value, (str, Mapping))
        values = list(value) if several else [value]
        pairs += [(key, _query_text(key, one)) for one in values if one is not None]
    return f"?{urlencode(pairs)}" if pairs else ""


def _query_text(argument: str, value: object) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, int, float)):
        return unicode_of(argument, str(value))
    raise ScaleArgumentError(
        argument, f"must be a string, number, bool, date or a list of these, not {value!r}"
    )


def _json_bytes(body: object) -> bytes:
    try:
        return json.dumps(body, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ScaleArgumentError(_not_json(body), f"must be JSON: {error}") from error


def _not_json(body: object) -> str:
    """Return the name of what cannot be JSON: of one value of an object if possible."""
    for name, value in body.items() if isinstance(body, dict) else ():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            return str(name)
    return "body"


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _onward(answer: Answer) -> str | None:
    """Return where a download is redirected to; never from https to http."""
    here, location = answer.request.url or "", answer.response.headers.get("Location")
    if answer.response.status_code not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        onward = _checked_link(urljoin(here, location))
    except ValueError:  # as is a ScaleArgumentError, but this link is not the caller's
        return None
    downgrade = urlsplit(here).scheme == "https" and urlsplit(onward).scheme != "https"
    return None if downgrade else onward


def _checked_link(url: object) -> str:
    problem = "must be an http or https link"
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        raise ScaleArgumentError("response_url", problem)
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return url
    except ValueError:
        pass
    raise ScaleArgumentError("response_url", problem)
