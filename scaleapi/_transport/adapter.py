"""The adapter that sends a call: attempts, waits and the body under one deadline."""

from __future__ import annotations

import logging
import random
import ssl
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, InvalidProxyURL
from requests.utils import prepend_scheme_if_needed, select_proxy
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout, parse_url
from urllib3.util.ssl_match_hostname import CertificateError

from .budget import RetryBudget
from .call import Attempt, Call, CallRequest
from .connection import POOL_CLASSES, current_attempt
from .multipart import Multipart
from .policy import (
    RETRYABLE_STATUSES,
    Outcome,
    backoff,
    may_repeat,
    parse_date,
    parse_retry_after,
)

__all__ = ["AnswerTooLarge", "RetryAdapter", "chain"]

log = logging.getLogger("scaleapi")

#: Connections that a pool keeps per host, so that this many threads each find theirs.
POOL_SIZE = 64

#: Bytes that are read or sent at once. urllib3 would send uploads in pieces of 16 KB.
_PIECE = 64 * 1024


class AnswerTooLarge(requests.RequestException):
    """The body of an answer is over the limit."""


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it was made from, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting.extend(part for part in inner if isinstance(part, BaseException))


#: What a Response begins with. To make one makes a cookie jar, a policy and a lock.
_BLANK_RESPONSE = requests.Response().__dict__


class RetryAdapter(HTTPAdapter):
    """Send each call as often as it needs and may be sent.

    Args:
        context: The TLS settings of every connection.
        budget: What bounds the retries of all calls together.
    """

    def __init__(self, context: ssl.SSLContext, budget: RetryBudget) -> None:
        self._context = context
        self._budget = budget
        self._pools: dict[tuple[object, ...], HTTPConnectionPool] = {}
        super().__init__(pool_maxsize=POOL_SIZE)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        super().init_poolmanager(
            connections,
            maxsize,
            block,
            ssl_context=self._context,
            blocksize=_PIECE,
            **pool_kwargs,
        )
        self.poolmanager.pool_classes_by_scheme = POOL_CLASSES

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> PoolManager:
        if proxy not in self.proxy_manager:
            proxy_kwargs.update(ssl_context=self._context, blocksize=_PIECE)
            if proxy.lower().startswith("https:"):
                proxy_kwargs["proxy_ssl_context"] = self._context
        manager: PoolManager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = POOL_CLASSES
        return manager

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: Any,
        proxies: Any = None,
        cert: Any = None,
    ) -> HTTPConnectionPool:
        # The TLS settings are those of the client, made once: see session.py. To find the pool
        # by the URL takes a quarter of the time that a small call has.
        if not isinstance(request, CallRequest):
            return self._find_pool(request, proxies)
        key = (request.origin, *(proxies or {}).items())
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = self._find_pool(request, proxies)
        return pool

    def _find_pool(self, request: requests.PreparedRequest, proxies: Any) -> HTTPConnectionPool:
        url = request.url or ""
        proxy = select_proxy(url, proxies)
        if proxy is None:
            manager: PoolManager = self.poolmanager
        else:
            if not parse_url(proxy).host:
                raise InvalidProxyURL("the URL of the proxy has no host")
            # requests leaves this helper without types.
            proxy = prepend_scheme_if_needed(proxy, "http")  # type: ignore[no-untyped-call]
            manager = self.proxy_manager_for(proxy)
        return manager.connection_from_url(url)

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        if isinstance(request, CallRequest) and not proxies:
            return request.target
        return super().request_url(request, proxies)

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        # Without cookies and a guess of the encoding, which nobody here asks for.
        response = object.__new__(requests.Response)
        response.__dict__.update(_BLANK_RESPONSE)
        response.status_code = resp.status
        response.headers = resp.headers  # case-insensitive as they are
        response.raw = resp
        response.reason = resp.reason
        response.url = req.url or ""
        response.request = req
        response.connection = self
        return response

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the connection as it is: its TLS settings are in the context."""

    def close(self) -> None:
        self._pools.clear()  # a pool closes its connections when nobody holds it
        super().close()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send a request, again if need be, and read its whole answer.

        Raises:
            requests.RequestException: The last attempt brought no whole answer.
        """
        call: Call | None = getattr(request, "call", None)
        if call is None:
            return super().send(request, stream, timeout, verify, cert, proxies)
        fresh = False
        while True:
            outcome, result = self._attempt(request, Attempt(call, fresh), proxies)
            wait = self._wait_before_repeat(call, outcome)
            if wait is None:
                if isinstance(result, BaseException):
                    raise result
                return result
            log.info(
                "%s %s is sent again in %.2f s: %s",
                request.method,
                urlsplit(request.url or "").path,
                wait,
                outcome.status or type(result).__name__,
            )
            call.sleep(wait)
            fresh = outcome.status is None
            if isinstance(request.body, Multipart):
                request.body.rewind()

    def _attempt(
        self, request: requests.PreparedRequest, attempt: Attempt, proxies: Any
    ) -> tuple[Outcome, requests.Response | Exception]:
        call, started = attempt.call, time.monotonic()
        # requests passes an object of urllib3 on as it is, though its types do not say so.
        timeout: Any = Timeout(
            connect=call.deadline.limit(call.options.connect_timeout),
            read=call.deadline.limit(call.options.read_timeout),
        )
        token = current_attempt.set(attempt)
        result: requests.Response | Exception
        try:
            result = super().send(request, stream=True, timeout=timeout, proxies=proxies)
            _read_body(result, call.options.max_body)
            outcome = Outcome(result.status_code, retry_after=_retry_after(result))
        except (requests.RequestException, HTTPError) as error:
            result = error
            reached = attempt.reached is not False
            outcome = Outcome(None, reached, final=_is_final(error), kept=attempt.kept)
        finally:
            current_attempt.reset(token)
        call.outcomes.append(outcome)
        if log.isEnabledFor(logging.DEBUG):
            log.debug(
                "%s %s %s in %.0f ms (attempt %d)",
                request.method,
                urlsplit(request.url or "").path,
                outcome.status or type(result).__name__,
                (time.monotonic() - started) * 1000,
                len(call.outcomes),
            )
        return outcome, result

    def _wait_before_repeat(self, call: Call, outcome: Outcome) -> float | None:
        """Return the seconds until the next attempt, ``None`` when there is to be none."""
        if outcome.status is not None and outcome.status not in RETRYABLE_STATUSES:
            self._budget.earn()
            return None
        retry = len(call.outcomes) - 1
        if retry >= call.options.max_retries or call.cancelled:
            return None
        if not may_repeat(call.repeat, outcome):
            return None
        wait = backoff(outcome, retry, random.random())  # noqa: S311 - jitter is no secret
        if wait >= call.deadline.left():
            return None
        # A kept connection fails only once, and the success before it has paid for that.
        return wait if outcome.kept or self._budget.spend() else None


def _read_body(response: requests.Response, most: int) -> None:
    """Read the whole body, so that a truncated one is a fault of this attempt."""
    raw = response.raw
    length: int | None = raw.length_remaining
    try:
        if length is not None and length > most:
            raise _too_large(most)
        plain = length is not None and not raw.chunked and "content-encoding" not in raw.headers
        # What Response.content itself sets after reading, in pieces of 10 KB.
        response._content = raw.read() if plain else _unpacked(raw, most)
        raw._original_response = None  # done with; requests would look in it for cookies
    except BaseException as error:
        response.close()  # a body that is not read to its end leaves its connection open
        if type(error) is ValueError:  # urllib3 believes in chunks of a negative size
            raise ChunkedEncodingError(str(error)) from error
        raise


def _unpacked(raw: Any, most: int) -> bytes:
    """Read a body whose size is not known before: it is compressed, or comes in chunks."""
    body = BytesIO()  # gives its bytes away without a copy
    while piece := raw.read(_PIECE, decode_content=True):
        if body.tell() + len(piece) > most:
            raise _too_large(most)
        body.write(piece)
    return body.getvalue()


def _too_large(most: int) -> AnswerTooLarge:
    return AnswerTooLarge(f"the body is larger than {most} bytes, the limit of max_body")


def _retry_after(response: requests.Response) -> float | None:
    """Return the seconds that an answer asks to wait, by the service's own clock if it has one."""
    value = response.headers.get("Retry-After")
    if value is None:
        return None
    now = parse_date(response.headers.get("Date"))
    return parse_retry_after(value, time.time() if now is None else now)


def _is_final(error: Exception) -> bool:
    """Return whether the fault is one that another attempt would only meet again."""
    hopeless = (ssl.SSLCertVerificationError, CertificateError, AnswerTooLarge)
    return any(isinstance(one, hopeless) for one in chain(error))
