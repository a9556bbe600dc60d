"""Servers and clients for tests in modified environments."""

from __future__ import annotations

import pytest

from tests.environments.service import service
from tests.wire.conftest import Authority, Serve, authority, connect, serve
from tests.wire.server import Server

__all__ = ["authority", "connect", "serve"]


@pytest.fixture
def server(serve: Serve) -> Server:
    """A plain HTTP server for every call of ``programs/calls.py``."""
    return serve(service)


@pytest.fixture
def secure_server(serve: Serve, authority: Authority) -> Server:
    """The same over TLS, with a certificate of a private CA."""
    return serve(service, tls=authority.server)
