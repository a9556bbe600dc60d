"""The examples for other machines: what runs in a container runs here, and so does curl."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "examples" / "docker"
COMPOSE: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))

INSTRUCTIONS = {"FROM", "COPY", "RUN", "USER", "VOLUME", "ENV", "EXPOSE", "HEALTHCHECK", "CMD"}


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with their arguments."""
    text = (DOCKER / "Dockerfile").read_text("utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (line.partition(" ")[0], line.partition(" ")[2].strip())
        for line in text.splitlines()
        if line.strip()
    ]


def only(name: str) -> str:
    (argument,) = [argument for one, argument in instructions() if one == name]
    return argument


def variables() -> dict[str, str]:
    pairs = [pair.partition("=") for pair in shlex.split(only("ENV"))]
    return {name: value for name, _, value in pairs}


def test_the_dockerfile_is_well_formed() -> None:
    """Its instructions exist, begin with FROM, and give commands as JSON: signals get through."""
    names = [name for name, _ in instructions()]
    assert names[0] == "FROM"
    assert set(names) == INSTRUCTIONS
    assert all(argument for _, argument in instructions())
    assert json.loads(only("CMD")) == ["python", "-m", "scaleapi.sandbox"]
    assert json.loads(only("HEALTHCHECK").partition("CMD ")[2])[0] == "python"
    assert only("USER") != "root"


def test_the_image_has_what_the_package_is_built_from() -> None:
    """What is copied exists, and pyproject.toml refers to nothing else."""
    copied = [
        word for name, words in instructions() if name == "COPY" for word in words.split()[:-1]
    ]
    assert all((ROOT / name).exists() for name in copied)
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    files = re.findall(r'"(README\.rst|LICENSE|scaleapi)[/"]', settings)
    assert {"pyproject.toml", *files} == set(copied)


def test_the_services_fit_together() -> None:
    """The program waits for the sandbox, knows its name and port, and gets its callbacks."""
    scale, app = COMPOSE["services"]["scale"], COMPOSE["services"]["app"]
    assert (DOCKER / scale["build"]["context"]).resolve() == ROOT
    assert (ROOT / scale["build"]["dockerfile"]) == DOCKER / "Dockerfile"
    assert app["image"] == scale["image"]
    assert app["depends_on"]["scale"]["condition"] == "service_healthy"
    assert scale["environment"]["SCALE_SANDBOX_ALLOW_HOST"] == "scale"
    assert scale["environment"]["SCALE_SANDBOX_DELIVER_TO"] == "app"
    port = variables()["SCALE_SANDBOX_PORT"]
    assert app["environment"]["SCALE_API_INSTANCE_URL"] == f"http://scale:{port}/v1"
    assert scale["ports"] == [f"127.0.0.1:{port}:{port}"] == [f"127.0.0.1:{only('EXPOSE')}:8080"]
    (volume,) = scale["volumes"]
    assert volume == f"{next(iter(COMPOSE['volumes']))}:{only('VOLUME')}"
    assert variables()["SCALE_SANDBOX_DB"].startswith(only("VOLUME") + "/")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def container(tmp_path: Path, port: int, **more: str) -> Generator[subprocess.Popen[str]]:
    """Run the command of the image, in its environment but for the port and the volume."""
    command = json.loads(only("CMD"))
    environment = variables() | COMPOSE["services"]["scale"]["environment"] | more
    environment["SCALE_SANDBOX_PORT"] = str(port)
    environment["SCALE_SANDBOX_DB"] = str(tmp_path / Path(environment["SCALE_SANDBOX_DB"]).name)
    with subprocess.Popen(
        [sys.executable, *command[1:]],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until_healthy(port: int) -> None:
    """Run the health check of the image until it succeeds."""
    check = json.loads(only("HEALTHCHECK").partition("CMD ")[2])
    check = [sys.executable, *(word.replace(":8080", f":{port}") for word in check[1:])]
    until = time.monotonic() + 20
    while subprocess.run(check, capture_output=True, check=False, timeout=20).returncode != 0:
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
def test_the_command_of_the_image_runs(tmp_path: Path) -> None:
    """It gets healthy, takes requests for its name, stops when told to, and keeps its state."""
    port, auth = free_port(), ("test_sandbox_key", "")
    for run in (1, 2):
        with container(tmp_path, port) as process:
            wait_until_healthy(port)
            url, host = f"http://127.0.0.1:{port}/v1/projects", {"Host": f"scale:{port}"}
            body = {"name": f"p{run}", "type": "imageannotation"}
            requests.post(url, json=body, auth=auth, headers=host, timeout=5).raise_for_status()
            assert len(requests.get(url, auth=auth, headers=host, timeout=5).json()) == run
            assert requests.get(url, auth=auth, headers={"Host": "x"}, timeout=5).status_code == 403
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=10)
            assert process.returncode == 0, output
            assert "GET /v1/projects 200" in output


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
def test_the_program_of_the_other_container_runs(tmp_path: Path) -> None:
    """It is an example of this repository and needs nothing but its two variables."""
    app, port = COMPOSE["services"]["app"], free_port()
    program = app["command"][-1].replace("/examples", str(ROOT / "examples"))
    with container(tmp_path, port):
        wait_until_healthy(port)
        environment = dict(app["environment"])
        environment["SCALE_API_INSTANCE_URL"] = f"http://127.0.0.1:{port}/v1"
        done = subprocess.run(
            [sys.executable, program],
            env={**os.environ, **environment},
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_curl(tmp_path: Path, shell: str) -> None:
    """Over 0.0.0.0, under a foreign name that is allowed, over HTTPS, with bodies in chunks."""
    port = free_port()
    settings = {
        "SCALE_SANDBOX_ALLOW_HOST": "scale.example",
        "SCALE_SANDBOX_HTTPS": "yes",
        "SCALE_SANDBOX_TRANSITION": "immediate",
    }
    with container(tmp_path, port, **settings) as process:
        assert process.stdout is not None
        assert any("SCALE_API_INSTANCE_URL" in line for line in process.stdout)
        words = [f"https://scale.example:{port}", "--resolve", f"scale.example:{port}:127.0.0.1"]
        done = subprocess.run(
            [shell, ROOT / "examples" / "curl.sh", *words, "--verbose"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        health, clock, project, task, file, page = map(json.loads, done.stdout.splitlines())
        process.terminate()
        log, _ = process.communicate(timeout=10)
    assert done.stderr.count("> Transfer-Encoding: chunked") == 2
    assert health == {"status": "ok"}
    assert clock["now"]
    assert (project["name"], task["project"]) == ("parcels", "parcels")
    assert (file["mime_type"], file["size"]) == ("text/csv", 7)
    assert [one["task_id"] for one in page["docs"]] == [task["task_id"]]
    assert log.count("POST /v1/") == 3


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_curl_is_rejected_under_another_name(tmp_path: Path) -> None:
    """And stops at once."""
    port = free_port()
    with container(tmp_path, port, SCALE_SANDBOX_HTTPS="1") as process:
        assert process.stdout is not None
        assert any("SCALE_API_INSTANCE_URL" in line for line in process.stdout)
        words = [f"https://evil.example:{port}", "--resolve", f"evil.example:{port}:127.0.0.1"]
        done = subprocess.run(
            ["sh", ROOT / "examples" / "curl.sh", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        with suppress(ProcessLookupError):
            process.terminate()
    assert done.returncode != 0
    assert "403" in done.stderr
