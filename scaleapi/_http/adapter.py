"""The transport adapter for requests: sends calls with retries, under one deadline."""

from __future__ import annotations

import logging
import math
import random
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.poolmanager import PoolKey
from urllib3.util import Timeout
from urllib3.util.ssl_match_hostname import CertificateError

from .._interruption import Interruption, causes, clear_frames, interruption
from .call import Call, now
from .connection import current_call
from .multipart import Multipart
from .policy import (
    RETRYABLE_STATUSES,
    Attempt,
    HostLimits,
    backoff,
    may_retry,
    parse_date,
    parse_retry_after,
)
from .pool import bounded_pool
from .url import Origin

__all__ = ["RetryAdapter", "TooLarge"]

log = logging.getLogger("scaleapi")

#: Connections kept per host, so that this many threads can each reuse one.
POOL_SIZE = 64

#: Maximum number of hosts whose limits are remembered.
_HOSTS = 100

#: Bytes to read or send at once. The default of urllib3 for uploads is 16 KB.
_PIECE = 64 * 1024

#: The exceptions of a failed attempt. urllib3 wraps every network error in an HTTPError.
_FAILURES = (HTTPError, requests.RequestException)


class TooLarge(HTTPError):
    """The body of a response is larger than ``max_body``."""


class RetryAdapter(HTTPAdapter):
    """Send calls, with retries.

    Args:
        tls_context: Returns the TLS settings of all connections.
    """

    def __init__(self, tls_context: Callable[[], ssl.SSLContext]) -> None:
        self._tls_context = tls_context
        self._hosts: OrderedDict[Origin, HostLimits] = OrderedDict()
        # Reentrant, because a signal handler or a finalizer may make a call in the middle.
        self._hosts_lock = threading.RLock()
        self._settings: dict[Origin, tuple[PoolKey, dict[str, Any]]] = {}
        super().__init__(pool_maxsize=POOL_SIZE)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs, blocksize=_PIECE)
        _bound(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> PoolManager:
        if proxy not in self.proxy_manager:
            proxy_kwargs["blocksize"] = _PIECE
            if proxy.lower().startswith("https:"):
                proxy_kwargs["proxy_ssl_context"] = self._tls_context()
            _bound(super().proxy_manager_for(proxy, **proxy_kwargs))
        manager: PoolManager = self.proxy_manager[proxy]
        return manager

    def send(  # type: ignore[override]  # the client sends nothing but calls
        self,
        request: Call,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send a call, with retries, and read the whole response.

        Raises:
            urllib3.exceptions.HTTPError: If the last attempt got no complete response.
            requests.RequestException: If the proxy cannot be used.
        """
        call, limits = request, self._limits(request.target.origin)
        if _needs_tls(call):
            self._tls_context()  # raises its errors now, because they are not those of an attempt
        fresh = False
        while True:
            _wait_for_host(call, limits)
            attempt = Attempt(fresh)
            call.attempts.append(attempt)
            result = self._attempt(call, attempt)
            limits.record(attempt, now())
            wait = _wait_before_retry(call, attempt, limits)
            if wait is None:
                if isinstance(result, BaseException):
                    raise result
                return result
            reason = attempt.status or type(result).__name__
            log.info("%s %s retried in %.2f s: %s", call.method, _path(call), wait, reason)
            call.sleep(wait)
            fresh = attempt.status is None
            if isinstance(call.body, Multipart):
                call.body.rewind()

    def _attempt(self, call: Call, attempt: Attempt) -> requests.Response | BaseException:
        begun = now()
        token = current_call.set(call)
        result: requests.Response | BaseException
        interrupting: BaseException | None = None
        try:
            result = self._exchange(call)
            attempt.status = result.status_code
            if attempt.status in RETRYABLE_STATUSES:
                attempt.retry_after = _retry_after(result)
        except Interruption as error:
            result = interrupting = error.error
        except _FAILURES as error:
            result, interrupting = error, interruption(error)
            attempt.final = _is_final(error)
        except BaseException as error:
            clear_frames(error)
            raise
        finally:
            current_call.reset(token)
            if call.cancellation is not None:
                call.cancellation.watch(None)
        if interrupting is not None:
            # Outside the except clauses, or the failure would be its context.
            clear_frames(interrupting)
            raise interrupting
        if log.isEnabledFor(logging.DEBUG):
            log.debug(
                "%s %s %s in %.0f ms (attempt %d)",
                call.method,
                _path(call),
                attempt.status or type(result).__name__,
                (now() - begun) * 1000,
                len(call.attempts),
            )
        return result

    def _exchange(self, call: Call) -> requests.Response:
        """Send a call once, read the body, and return the response."""
        left = max(call.deadline.left(), 0.001)
        # requests also accepts the Timeout of urllib3, but its type hints do not say so.
        timeout: Any = Timeout(
            connect=_shortest(call.options.connect_timeout, left), read=call.options.read_timeout
        )
        response = super().send(call, stream=True, timeout=timeout)
        if isinstance(response.raw, BaseHTTPResponse):  # test tools may use another class
            response.raw = BytesIO(_read_body(response.raw, call.options.max_body))
        return response

    def get_connection_with_tls_context(  # type: ignore[override]  # as above
        self, request: Call, verify: Any, proxies: Any = None, cert: Any = None
    ) -> ConnectionPool:
        """Return the connection pool for a call, without parsing its URL again."""
        origin = request.target.origin
        if request.proxy is not None:
            manager = self.proxy_manager_for(request.proxy)
            settings = {"ssl_context": self._tls_context()} if _needs_tls(request) else None
            return manager.connection_from_host(
                origin.host, origin.port, origin.scheme, pool_kwargs=settings
            )
        # The manager's keys consist of some 25 settings and are slow to create, so cache them.
        known = self._settings.get(origin)
        if known is None:
            settings = {**self.poolmanager.connection_pool_kw, **origin._asdict()}
            if origin.scheme == "https":
                settings["ssl_context"] = self._tls_context()
            key = self.poolmanager.key_fn_by_scheme[origin.scheme](settings)
            if len(self._settings) >= _HOSTS:
                self._settings.clear()
            known = self._settings[origin] = (key, settings)
        key, settings = known
        pool: ConnectionPool = self.poolmanager.connection_from_pool_key(key, settings.copy())
        return pool

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Do nothing: the TLS settings are in the context."""

    def request_url(self, request: Call, proxies: Any) -> str:  # type: ignore[override]
        """Return the target for the request line. A forwarding proxy needs the whole URL."""
        return request.url or "" if _is_forwarded(request) else request.target.path

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Build a response without cookies and without guessing the encoding."""
        response = requests.Response()
        response.status_code = resp.status
        response.reason = resp.reason or ""
        response.headers = resp.headers  # also case-insensitive, so no copy is needed
        response.raw = resp
        response.url = req.url or ""
        response.request = req
        return response

    def _limits(self, origin: Origin) -> HostLimits:
        """Return the limits of a host. Those of the most recently used hosts are kept."""
        with self._hosts_lock:
            limits = self._hosts.get(origin)
            if limits is None:
                limits = self._hosts[origin] = HostLimits()
                if len(self._hosts) > _HOSTS:
                    self._hosts.popitem(last=False)
            else:
                self._hosts.move_to_end(origin)
            return limits


def _bound(manager: PoolManager) -> None:
    classes = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {key: bounded_pool(classes[key]) for key in classes}


def _wait_for_host(call: Call, limits: HostLimits) -> None:
    """Wait while the host is rate-limiting calls, unless that exceeds the deadline."""
    wait = limits.reserve(now(), _jitter(), call.deadline.left())
    if wait > 0.0:
        call.sleep(wait)


def _wait_before_retry(call: Call, attempt: Attempt, limits: HostLimits) -> float | None:
    """Return the seconds until the next attempt; ``None`` for no retry."""
    retry = len(call.attempts) - 1
    if retry >= call.options.max_retries or call.cancelled:
        return None
    if not may_retry(call.idempotent, attempt):
        return None
    wait = backoff(attempt, retry, _jitter())
    if wait is None or wait >= call.deadline.left():
        return None
    return wait if limits.allow_retry(attempt) else None


def _jitter() -> float:
    return random.random()  # noqa: S311 - jitter need not be unpredictable


def _path(call: Call) -> str:
    """Return the path of a call for the log, without the query."""
    return call.target.path.partition("?")[0]


def _shortest(timeout: float | None, left: float) -> float | None:
    shortest = left if timeout is None else min(timeout, left)
    return None if shortest == math.inf else shortest


def _is_forwarded(call: Call) -> bool:
    """Return whether the call goes through a forwarding proxy, which needs the whole URL."""
    forwards = call.proxy is not None and not call.proxy.lower().startswith("socks")
    return forwards and call.target.origin.scheme == "http"


def _needs_tls(call: Call) -> bool:
    """Return whether the service or the proxy is reached over HTTPS."""
    proxied = call.proxy is not None and call.proxy.lower().startswith("https:")
    return proxied or call.target.origin.scheme == "https"


def _read_body(raw: Any, most: int) -> bytes:
    """Read a whole body, so that a truncated body is a failure of this attempt."""
    length: int | None = raw.length_remaining
    try:
        if length is not None and length > most:
            raise _too_large(most)
        plain = length is not None and not raw.chunked and "content-encoding" not in raw.headers
        body: bytes = raw.read() if plain else _unpacked(raw, most)
        return body
    except BaseException as error:
        raw.close()  # otherwise, a partly read body would keep its connection open
        # urllib3 raises a plain ValueError for a negative chunk size.
        if type(error) is ValueError and interruption(error) is None:
            raise ProtocolError(str(error)) from error
        raise


def _unpacked(raw: Any, most: int) -> bytes:
    """Read a body of unknown size, which is compressed or chunked."""
    body = BytesIO()  # its getvalue() does not copy
    while piece := raw.read(_PIECE, decode_content=True):
        if body.tell() + len(piece) > most:
            raise _too_large(most)
        body.write(piece)
    return body.getvalue()


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"the body is larger than {most} bytes, the limit of max_body")


def _retry_after(response: requests.Response) -> float | None:
    """Return the wait that a response requests in seconds, by the service's clock if known."""
    value = response.headers.get("Retry-After")
    if value is None:
        return None
    date = parse_date(response.headers.get("Date"))
    return parse_retry_after(value, time.time() if date is None else date)


def _is_final(error: Exception) -> bool:
    """Return whether a retry would fail the same way."""
    final = (ssl.SSLCertVerificationError, CertificateError, TooLarge)
    return any(isinstance(one, final) for one in causes(error))
