"""Servers for the benchmarks, each in its own process.

What measures CPU or memory of a client needs a server that costs next to nothing beside it: that
is nginx, which no server in Python can stand in for. What measures waiting uses the server of the
tests, ``tests/wire/server.py``.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

_NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    default_type application/json;
    keepalive_requests 1000000000;
    client_max_body_size 100m;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/server.pem;
        ssl_certificate_key {folder}/server.pem;
        root {folder}/files;
        location = /v1/files/upload {{ return 200 '{{"id": "5f0", "attachment_url": "a"}}'; }}
    }}
}}
"""


@contextmanager
def nginx(files: Mapping[str, bytes]) -> Generator[tuple[str, str]]:
    """Serve files and accept uploads over TLS; yield the base URL and the path of the CA.

    Args:
        files: Their contents, by the path after the base URL.
    """
    # Debian has it where only root's PATH looks.
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        raise SystemExit("nginx is needed: apt-get install nginx-light, or brew install nginx")
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        for path, content in files.items():
            file = folder / "files" / "v1" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        certify(folder)
        (folder / "conf").write_text(_NGINX.format(folder=folder, port=port))
        command = [program, "-e", f"{folder}/errors", "-c", f"{folder}/conf"]
        with _running(command, port):
            yield f"https://127.0.0.1:{port}/v1", f"{folder}/ca.pem"


@contextmanager
def delayed_service(delay: float, pages: int = 0) -> Generator[tuple[str, str]]:
    """Start a Scale service over TLS with slow responses; yield its URL and the path of its CA.

    Args:
        delay: Seconds before each response.
        pages: How many pages of tasks there are.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certify(folder)
        program = Path(__file__).with_name("_delayed_service.py")
        words = [f"{folder}/server.pem", str(delay), str(pages)]
        with subprocess.Popen(
            [sys.executable, str(program), *words],
            stdin=subprocess.PIPE,  # it ends when this is closed
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            yield f"https://127.0.0.1:{int(process.stdout.readline())}/v1", f"{folder}/ca.pem"
            process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def certify(folder: Path) -> None:
    """Write ``ca.pem``, and ``server.pem`` with the key and certificate of 127.0.0.1."""
    import trustme  # the released package's environment has only what that needs

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    server = authority.issue_cert("127.0.0.1")
    server.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))


@contextmanager
def _running(command: list[str], port: int) -> Generator[None]:
    with subprocess.Popen(command) as process:
        try:
            _wait_for(process, port)
            yield
        finally:
            process.terminate()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"{process.args!r} did not start")
