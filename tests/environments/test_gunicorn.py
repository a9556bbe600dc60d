"""A web application under ``gunicorn -k gevent`` makes concurrent API calls."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.environments.running import PROGRAMS
from tests.environments.service import EXPECTED, service
from tests.environments.stuck import LATENCY, slow_or_stuck
from tests.wire.conftest import Authority, Serve
from tests.wire.server import Step

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="gunicorn needs fork"),
]

#: Visitors at the same time.
VISITORS = 20


@contextmanager
def gunicorn(log: Path, environment: dict[str, str], *options: str) -> Generator[str]:
    """Run one worker; yield its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with (
            log.open("w") as output,
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}"),
                    *("--worker-class", "gevent", "--workers", "1", "--graceful-timeout", "0"),
                    *("--chdir", str(PROGRAMS), *options, "gunicorn_app:app"),
                ],
                env={**os.environ, **environment},
                pass_fds=[listener.fileno()],
                stdout=output,
                stderr=output,
            ) as process,
        ):
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                try:
                    process.wait(10)
                finally:
                    process.kill()


def visit(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=20) as response:
        return json.load(response)


@pytest.mark.parametrize(
    ("scheme", "options"),
    [("http", []), ("http", ["--preload"]), ("https", ["--preload"])],
    ids=["http", "http-preload", "https-preload"],
)
def test_gunicorn(
    serve: Serve, authority: Authority, tmp_path: Path, scheme: str, options: list[str]
) -> None:
    secure = scheme == "https"
    tls = authority.server if secure else None
    server = serve(service, tls=tls, default=Step(slow_or_stuck, carried_out=True))
    environment = {"SERVICE": server.url, "BUNDLE": authority.bundle if secure else ""}
    log = tmp_path / "gunicorn.log"
    with gunicorn(log, environment, *options) as url:
        try:
            found = {name: visit(f"{url}/{name}") for name in EXPECTED}
            begun = time.monotonic()
            with ThreadPoolExecutor(VISITORS) as visitors:
                seen = set(visitors.map(visit, [f"{url}/slow"] * VISITORS))
            took = time.monotonic() - begun
        except OSError as error:
            raise AssertionError(log.read_text()) from error
    assert found == EXPECTED
    assert seen == {"parcels"}
    assert took < VISITORS * LATENCY / 2
