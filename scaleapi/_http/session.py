"""The requests Session of a client, with its TLS settings and connection pools."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any

import requests
from requests.cookies import RequestsCookieJar
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from .._arguments import is_given
from ..exceptions import ScaleArgumentError
from .adapter import RetryAdapter

__all__ = ["Cert", "Transport", "Verify"]

#: ``None`` for the default, ``False`` for no verification, or the path of a CA file or folder.
Verify = bool | str | None

#: The path of a client certificate with its key, or the paths of certificate and key.
Cert = str | tuple[str, str] | None


class _NoCookies(RequestsCookieJar):
    """A cookie jar that stays empty."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Ignore the cookies of a response."""


class _Session(requests.Session):
    """A Session that never follows redirects, which would send the key to another host."""

    def resolve_redirects(self, *args: Any, **kwargs: Any) -> Generator[Any, None, None]:
        # requests calls this even with allow_redirects=False.
        yield from ()


class _Opening:
    """The session of one process, which is opened on first use.

    Args:
        create_context: Creates the TLS settings of all connections.
    """

    def __init__(self, create_context: Callable[[], ssl.SSLContext]) -> None:
        # Reentrant, because a signal handler or a finalizer may make a call in the middle.
        self.lock = threading.RLock()
        self.session: requests.Session | None = None
        self._create_context = create_context
        self._context: ssl.SSLContext | None = None
        self._pid = os.getpid()
        self._tls_class = ssl.SSLContext

    @property
    def inherited(self) -> bool:
        """Whether it was opened in the process that this one was forked from."""
        return self._pid != os.getpid()

    @property
    def outdated(self) -> bool:
        """Whether gevent or truststore has replaced the TLS since."""
        return self._tls_class is not ssl.SSLContext

    def tls_context(self) -> ssl.SSLContext:
        """Return the TLS settings.

        They are created for the first HTTPS connection, because loading the CAs takes 10 to 30 ms.
        """
        if self._context is None:
            with self.lock:
                if self._context is None:
                    self._context = self._create_context()
        return self._context


#: What a forked child inherited. The sockets are shared with the parent, and the locks may be held,
#: so they are kept here and never used, closed or garbage collected.
_inherited: list[_Opening] = []


class Transport:
    """The connections and retry budgets that a client and its ``with_options`` variants share.

    Args:
        verify: See :data:`Verify`.
        cert: See :data:`Cert`.

    Raises:
        ScaleArgumentError: If a file of ``verify`` or ``cert`` does not exist or is invalid.
    """

    def __init__(self, verify: Verify = None, cert: Cert = None) -> None:
        # Read now, so that a later change of the environment or working directory has no effect.
        self._verify, self._source = _with_environment(_given(verify))
        self._cert = _absolute(_given(cert) or None)  # ``flag and path`` may be False
        self._opening = self._new_opening()
        if self._cert is not None or (
            self._source == "verify" and not isinstance(self._verify, bool | None)
        ):
            self._opening.tls_context()  # reports an invalid path now, not at the first call

    @property
    def session(self) -> requests.Session:
        """The Session. A forked child gets a new one: processes cannot share connections."""
        opening = self._opening
        if opening.inherited or opening.outdated:
            if opening.inherited:
                _inherited.append(opening)
            opening = self._opening = self._new_opening()
        if opening.session is None:
            with opening.lock:
                if opening.session is None:
                    opening.session = _open_session(opening.tls_context)
        return opening.session

    def _new_opening(self) -> _Opening:
        return _Opening(partial(_tls_context, self._verify, self._source, self._cert))

    def close(self) -> None:
        """Close all connections that are not in use. Later calls open new ones."""
        opening = self._opening
        if opening.session is not None and not opening.inherited:
            opening.session.close()


def _given(option: Any) -> Any:
    """Return an option: ``None`` if it is empty, and a bool for 0 and 1."""
    if isinstance(option, int) and option in (0, 1):
        return bool(option)
    return option if is_given(option) else None


def _with_environment(verify: Verify) -> tuple[Verify, str]:
    """Return what to verify with, and the name of the argument or variable that says so."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if verify in (None, True) and os.environ.get(name):
            return _absolute(os.environ[name]), name
    return _absolute(verify), "verify"


def _absolute(option: Any) -> Any:
    """Return an option with absolute paths."""
    if isinstance(option, (tuple, list)):
        return [_absolute(path) for path in option]
    return str(Path(option).absolute()) if isinstance(option, (str, os.PathLike)) else option


def _open_session(tls_context: Callable[[], ssl.SSLContext]) -> requests.Session:
    session = _Session()
    session.trust_env = False
    session.cookies = _NoCookies()
    adapter = RetryAdapter(tls_context)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _tls_context(verify: Verify, source: str, cert: Cert) -> ssl.SSLContext:
    """Create the TLS settings of all connections."""
    # Looked up in the module at this point, because gevent and truststore replace the class.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _log_keys(context)
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
    """Log TLS secrets to the file in ``SSLKEYLOGFILE``, as other clients do."""
    path = os.environ.get("SSLKEYLOGFILE")
    if path and hasattr(context, "keylog_filename"):
        try:
            context.keylog_filename = path
        except OSError as error:
            raise ScaleArgumentError("SSLKEYLOGFILE", f"cannot be written: {error}") from error


def _load_ca(context: ssl.SSLContext, location: object, source: str) -> None:
    choices = "True, False or " if source == "verify" else ""
    problem = f"must be {choices}the path of a file or folder of CA certificates"
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
