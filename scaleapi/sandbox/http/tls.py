"""TLS: certificates, given or made on the spot, and the start and end of a connection."""

from __future__ import annotations

import socket
import ssl
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ..base.errors import StartError

_HANDSHAKE = b"\x16"
"""First byte of a client that speaks TLS."""

_PLAIN_HTTP = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 28\r\n"
    b"Connection: close\r\n\r\nThis port takes HTTPS only.\n"
)
_PLAIN_READS = 16
_PIECE = 65_536
_ORGANIZATION = "scaleapi sandbox"


class Certificate(NamedTuple):
    """A certificate of the server.

    Attributes:
        context: The server's side of TLS.
        trusted: What clients must trust, in PEM.
    """

    context: ssl.SSLContext
    trusted: bytes


def load_certificate(certificate: Path, key: Path | None) -> Certificate:
    """Load a certificate from PEM files.

    Args:
        certificate: The file of the certificate, with the chain that belongs to it.
        key: The file of its private key; by default, the file of the certificate has it too.

    Raises:
        StartError: If a file cannot be read, the key is encrypted or does not belong to the
            certificate.
    """
    context = _server_context()
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
        trusted = certificate.read_bytes()
    except (OSError, ValueError) as error:
        given = f"{certificate} with the key {key}" if key else certificate
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise StartError(f"Cannot use the certificate {given}: {reason}.") from error
    # The file may also hold the key, which nobody else may see.
    return Certificate(context, _certificates(trusted))


def make_certificate(hosts: Iterable[str]) -> Certificate:
    """Make a certificate for these names and addresses, signed by an authority made for it.

    Raises:
        StartError: If the package trustme is not installed, or a host cannot be in a certificate.
    """
    try:
        import trustme  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise StartError(
            'A self-made certificate needs trustme: pip install "scaleapi[https]"'
        ) from error
    authority = trustme.CA(organization_name=_ORGANIZATION)
    context = _server_context()
    try:
        issued = authority.issue_cert(*hosts, organization_name=_ORGANIZATION)
    except ValueError as error:
        raise StartError(f"Cannot make a certificate for these hosts: {error}.") from error
    issued.configure_cert(context)
    return Certificate(context, authority.cert_pem.bytes())


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # A connection that ends without a goodbye is no error: `Server.stop` ends idle ones so.
    context.options |= getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)  # not with OpenSSL 1.1
    return context


def begin_tls(connection: ssl.SSLSocket, seconds: float) -> bool:
    """Shake hands with a client within this time.

    Returns:
        False if the client speaks HTTP without TLS. It has been told so.
    """
    connection.settimeout(seconds)
    # The methods of the plain socket: those of SSLSocket can neither look ahead nor speak plainly.
    first = socket.socket.recv(connection, 1, socket.MSG_PEEK)
    if first and first != _HANDSHAKE:
        socket.socket.sendall(connection, _PLAIN_HTTP)
        # Closing with unread data would reset the connection before the response is read.
        socket.socket.shutdown(connection, socket.SHUT_WR)
        for _ in range(_PLAIN_READS):
            if not socket.socket.recv(connection, _PIECE):
                break
        return False
    connection.do_handshake()
    connection.settimeout(None)
    return True


def end_tls(connection: ssl.SSLSocket) -> None:
    """Say goodbye, without waiting for the client to do so."""
    with suppress(OSError, ValueError):
        connection.settimeout(0)
        connection.unwrap()


def write_temporary(pem: bytes) -> Path:
    """Write certificates to a new temporary file, which the caller deletes."""
    with tempfile.NamedTemporaryFile(
        prefix="scaleapi-sandbox-", suffix=".pem", delete=False
    ) as file:
        file.write(pem)
    return Path(file.name)


def _no_password() -> str:
    """Refuse to ask for the password of a key on the terminal."""
    raise ValueError("the key must not be encrypted")


def _certificates(pem: bytes) -> bytes:
    """Return the certificates in a PEM file, without anything else in it."""
    begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    parts = (part.partition(end)[0] for part in pem.split(begin)[1:])
    return b"".join(begin + part + end + b"\n" for part in parts)
