"""The Session of a client: TLS settings, proxies and the pool, made once."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import requests
from requests.cookies import RequestsCookieJar
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from ..exceptions import ScaleArgumentError
from .adapter import RetryAdapter

__all__ = ["Cert", "Transport", "Verify"]

#: ``None`` for the default, ``False`` for no check, or the path of a file or folder of CAs.
Verify = bool | str | None

#: Path of a client certificate with its key, or of the two.
Cert = str | tuple[str, str] | None


class _NoCookies(RequestsCookieJar):
    """A jar that stays empty."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Take nothing from an answer."""


class _Session(requests.Session):
    """A Session that follows no redirect: it would carry the key to wherever it leads."""

    def resolve_redirects(self, *args: Any, **kwargs: Any) -> Generator[Any, None, None]:
        # requests works out the next request even for those who said that they do not follow.
        yield from ()


#: What a forked child inherited. It shares sockets with its parent and maybe a lock that was
#: held, so it is neither used nor closed nor collected.
_inherited: list[requests.Session | None] = []


class Transport:
    """Own the connections and the retry budget that a client and its variants share.

    Args:
        verify: See :data:`Verify`.
        cert: See :data:`Cert`.

    Raises:
        ScaleArgumentError: A file of ``verify`` or ``cert`` does not exist or cannot be used.
    """

    def __init__(self, verify: Verify = None, cert: Cert = None) -> None:
        self._verify, self._cert = verify, cert
        self._session: requests.Session | None = None
        self._begin()
        if not (verify is None or isinstance(verify, bool)) or cert is not None:
            _ = self.session  # a bad path is to be known now, not at the first call

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._session = None
        self._pid = os.getpid()
        self._tls_class = ssl.SSLContext

    @property
    def session(self) -> requests.Session:
        """The Session, made on first use, as loading the CAs takes milliseconds.

        After ``fork`` it is a new one: two processes cannot share a connection.
        """
        if self._pid != os.getpid():
            _inherited.append(self._session)
            self._begin()
        elif self._tls_class is not ssl.SSLContext:
            self._begin()  # gevent or truststore has replaced it
        if self._session is None:
            with self._lock:
                if self._session is None:
                    self._session = _open_session(_tls_context(self._verify, self._cert))
        return self._session

    def close(self) -> None:
        """Close all connections that are not in use. A later call opens new ones."""
        if self._session is not None:
            self.session.close()


def _open_session(context: ssl.SSLContext) -> requests.Session:
    session = _Session()
    session.trust_env = False
    session.cookies = _NoCookies()
    adapter = RetryAdapter(context)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _tls_context(verify: Verify, cert: Cert) -> ssl.SSLContext:
    """Make the TLS settings that all connections share."""
    # By its name in the module at this moment: gevent and truststore put classes of theirs there.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _log_keys(context)
    source = "verify"
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if verify in (None, True) and os.environ.get(name):
            verify, source = os.environ[name], name
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif verify is None or verify is True:
        context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    else:
        _load_ca(context, verify, source)
    if cert is not None:
        _load_client_certificate(context, cert)
    return context


def _log_keys(context: ssl.SSLContext) -> None:
    """Write TLS secrets to the file that ``SSLKEYLOGFILE`` names, as other clients do."""
    path = os.environ.get("SSLKEYLOGFILE")
    if path and hasattr(context, "keylog_filename"):
        try:
            context.keylog_filename = path
        except OSError as error:
            raise ScaleArgumentError("SSLKEYLOGFILE", f"cannot be written: {error}") from error


def _load_ca(context: ssl.SSLContext, location: object, source: str) -> None:
    problem = "must be True, False or the path of a file or folder of CA certificates"
    if not isinstance(location, (str, os.PathLike)):
        raise ScaleArgumentError(source, f"{problem}, not {type(location).__name__}")
    folder = Path(location).is_dir()
    try:
        context.load_verify_locations(
            cafile=None if folder else location, capath=location if folder else None
        )
    except (OSError, ValueError) as error:
        raise ScaleArgumentError(source, f"{problem}; {location!r}: {error}") from error


def _load_client_certificate(context: ssl.SSLContext, cert: Cert) -> None:
    problem = "must be the path of a client certificate, or the paths of certificate and key"
    try:
        if isinstance(cert, (tuple, list)):
            certificate, key = cert
            context.load_cert_chain(certificate, key)
        elif isinstance(cert, (str, os.PathLike)):
            context.load_cert_chain(cert)
        else:
            raise TypeError(f"not {type(cert).__name__}")
    except (OSError, TypeError, ValueError) as error:
        raise ScaleArgumentError("cert", f"{problem}: {error}") from error
