"""The command line."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from scaleapi.sandbox.__main__ import main

COMMAND = [sys.executable, "-m", "scaleapi.sandbox"]


class Running:
    """The command, running."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout
        self.greeting = ""
        for line in self.process.stdout:
            self.greeting += line
            if "INSTANCE_URL" in line:
                self.url = line.strip().split("=")[1]
                break

    def stop(self, number: int) -> tuple[int, str]:
        """Send a signal; return the exit status and what was still printed."""
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=10)
        return self.process.returncode, output


@pytest.fixture
def running() -> Iterator[list[Running]]:
    commands: list[Running] = []
    yield commands
    for command in commands:
        if command.process.poll() is None:
            command.process.kill()
            command.process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_prints_settings_logs_and_stops(running: list[Running], number: int) -> None:
    """It prints where it is and what to export, a line per request, and stops when told to."""
    command = Running()
    running.append(command)
    assert f"Scale sandbox at {command.url}\nDashboard: {command.url[:-2]}\n" in command.greeting
    assert "test_sandbox_key (test), live_sandbox_key (live)" in command.greeting
    assert "export SCALE_API_KEY=test_sandbox_key\n" in command.greeting
    assert f"export SCALE_API_INSTANCE_URL={command.url}\n" in command.greeting
    session = requests.Session()
    session.get(f"{command.url}/tasks", auth=("test_sandbox_key", ""), timeout=5)
    status, output = command.stop(number)
    session.close()
    assert status == 0
    assert output.strip().startswith("GET /v1/tasks 200 ")
    assert output.strip().endswith(" ms")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
def test_options(running: list[Running], tmp_path: Path) -> None:
    """The state is kept in the file, until it is reset; quiet prints no requests."""
    auth = ("live_sandbox_key", "")
    options = ["--db", str(tmp_path / "a.db"), "--transition", "manual", "--quiet"]
    for further, total in (([], 1), ([], 2), (["--reset"], 1)):
        command = Running(*options, *further)
        running.append(command)
        body = {"fields": {"a": "b"}}
        task = requests.post(
            f"{command.url}/task/datacollection", json=body, auth=auth, timeout=5
        ).json()
        assert task["status"] == "pending"
        tasks = requests.get(f"{command.url}/tasks", auth=auth, timeout=5).json()
        assert tasks["total"] == total
        status, output = command.stop(signal.SIGTERM)
        assert (status, output.strip()) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
def test_seed_option(running: list[Running], tmp_path: Path) -> None:
    """What the file lists is there before the greeting."""
    seed = tmp_path / "seed.json"
    seed.write_text('{"test": {"tasks": [{"type": "datacollection", "fields": {"a": "b"}}]}}')
    command = Running("--seed", str(seed), "--quiet")
    running.append(command)
    auth = ("test_sandbox_key", "")
    assert requests.get(f"{command.url}/tasks", auth=auth, timeout=5).json()["total"] == 1
    status, output = command.stop(signal.SIGTERM)
    assert (status, output.strip()) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
def test_seed_option_with_an_existing_database(running: list[Running], tmp_path: Path) -> None:
    """A database that has anything is not seeded again; an empty or reset one is."""
    seed = tmp_path / "seed.json"
    seed.write_text('{"live": {"projects": [{"name": "a", "type": "chat"}]}}')
    auth = ("live_sandbox_key", "")
    options = ["--db", str(tmp_path / "a.db"), "--quiet"]
    seeding = ["--seed", str(seed)]
    for further, names in (
        ([], []),
        (seeding, ["a"]),
        (seeding, ["a", "b0"]),
        (["--reset", *seeding], ["a"]),
    ):
        command = Running(*options, *further)
        running.append(command)
        url = f"{command.url}/projects"
        found = requests.get(url, auth=auth, timeout=5).json()
        assert [project["name"] for project in found] == names
        if further == seeding:
            body = {"name": f"b{len(found) - 1}", "type": "chat"}
            assert requests.post(url, json=body, auth=auth, timeout=5).status_code == 200
        status, output = command.stop(signal.SIGTERM)
        assert (status, output.strip()) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
def test_random_seed_option(running: list[Running]) -> None:
    """Two processes with the same random seed return the same ids and responses."""
    answers = []
    for number in ("7", "7", "-1"):
        command = Running("--random-seed", number, "--quiet")
        running.append(command)
        body = {"text": "A b.", "labels": ["a", "b", "c"]}
        task = requests.post(
            f"{command.url}/task/namedentityrecognition",
            json=body,
            auth=("test_sandbox_key", ""),
            timeout=5,
        ).json()
        answers.append((task["task_id"], task["response"]))
        command.stop(signal.SIGTERM)
    assert answers[0] == answers[1] != answers[2]


@pytest.mark.slow
def test_invalid_seed_prints_one_line(tmp_path: Path) -> None:
    """A seed that is wrong gives one clear line and exit status 2."""
    seed = tmp_path / "seed.json"
    for content, place in (("[", str(seed)), ('{"test": {"tasks": [{}]}}', "test.tasks[0]: ")):
        seed.write_text(content)
        done = subprocess.run(
            [*COMMAND, "--seed", str(seed)], capture_output=True, text=True, check=False, timeout=20
        )
        assert done.returncode == 2
        assert place in done.stderr
        assert done.stderr.startswith("scaleapi.sandbox: ")
        assert done.stderr.count("\n") == 1


def test_port_in_use_prints_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is taken gives one clear line and exit status 2."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"scaleapi.sandbox: Cannot listen on 127.0.0.1, port {port}: ")
    assert error.count("\n") == 1


def test_invalid_database_prints_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A file that is no database gives one clear line and exit status 2."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at as one" * 40)
    assert main(["--db", str(path)]) == 2
    error = capsys.readouterr().err
    assert str(path) in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [["--port", "x"], ["--port", "65536"], ["--transition", "soon"], ["--random-seed", "x"]],
)
def test_invalid_option_is_named(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong value exits with status 2 and names the option."""
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert words[0] in capsys.readouterr().err


def test_fidelity_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The table of behaviours can be read without the sources."""
    assert main(["--fidelity"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["what", "source", "certainty", "test"]
    assert any(line.startswith("GET /v1/tasks ") for line in lines)
