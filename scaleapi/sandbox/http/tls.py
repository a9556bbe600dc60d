"""Certificates for HTTPS: a given one, or one made on the spot."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ..base.errors import StartError

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
