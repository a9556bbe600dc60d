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

import scaleapi
from scaleapi.sandbox import Fault
from scaleapi.sandbox.__main__ import _parser, main

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


@pytest.mark.slow
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


def test_signal_handlers_are_given_back(tmp_path: Path) -> None:
    """A program that calls main() has its own Ctrl-C again."""
    path = tmp_path / "seed.json"
    path.write_text('{"live": {"tasks": 1}}')
    before = signal.getsignal(signal.SIGINT)
    assert main(["--seed", str(path)]) == 2
    assert signal.getsignal(signal.SIGINT) is before


def test_a_combination_that_is_wrong_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """What only the sandbox can tell is reported like the rest, without the keys."""
    for words in (
        ["--test-key", "secret one"],
        ["--test-key", "secret", "--live-key", "secret"],
        ["--certificate-key", "a.pem"],
        ["--allow-host", "http://a"],
        ["--host", "*"],
        ["--rate-limit", "0"],
        ["--jitter", "1"],
        ["--https", "--allow-host", "a_b"],
    ):
        assert main(words) == 2
        error = capsys.readouterr().err
        assert error.startswith("scaleapi.sandbox: ")
        assert error.count("\n") == 1
        assert "secret one" not in error


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"scaleapi {scaleapi.__version__}\n"


VALUES: dict[str, tuple[str, list[str], object]] = {
    "host": ("::1", ["--host", "::1"], "::1"),
    "port": ("8080", ["--port", "8080"], 8080),
    "allow_host": ("a;*.b", ["--allow-host", "a", "--allow-host", "*.b"], ["a", "*.b"]),
    "https": ("true", ["--https"], True),
    "certificate": ("a.pem", ["--certificate", "a.pem"], Path("a.pem")),
    "certificate_key": ("a.key", ["--certificate-key", "a.key"], Path("a.key")),
    "db": ("a.db", ["--db", "a.db"], Path("a.db")),
    "transition": ("after 2s", ["--transition", "after 2s"], "after 2s"),
    "seed": ("-a.json", ["--seed=-a.json"], Path("-a.json")),
    "deliver_to": ("a\n\nb\n", ["--deliver-to", "a", "--deliver-to", "b"], ["a", "b"]),
    "deliver_anywhere": ("1", ["--deliver-anywhere"], True),
    "fault": (
        "GET ** 503 A=b;c\n* ** delay 1s",
        ["--fault", "GET ** 503 A=b;c", "--fault", "* ** delay 1s"],
        [Fault("GET", "**", 503, headers={"A": "b;c"}), Fault("*", "**", "delay", seconds=1)],
    ),
    "random_seed": ("-7", ["--random-seed=-7"], -7),
    "rate_limit": ("2.5", ["--rate-limit", "2.5"], 2.5),
    "latency": ("0.5", ["--latency", "0.5"], 0.5),
    "jitter": ("0.25", ["--jitter", "0.25"], 0.25),
    "disable_type": (
        "chat; transcription",
        ["--disable-type=chat", "--disable-type=transcription"],
        ["chat", "transcription"],
    ),
    "test_key": ("t", ["--test-key", "t"], "t"),
    "live_key": ("l", ["--live-key", "l"], "l"),
    "test_callback_secret": ("u", ["--test-callback-secret", "u"], "u"),
    "live_callback_secret": ("m", ["--live-callback-secret", "m"], "m"),
    "reset": ("Yes", ["--reset"], True),
    "quiet": (" on ", ["--quiet"], True),
    "fidelity": ("TRUE", ["--fidelity"], True),
}
"""The text of a variable, the same on the command line, and what both mean."""


def settings() -> dict[str, object]:
    """Every option with its default value."""
    return vars(_parser().parse_with({}, []))


def test_every_option_has_a_variable() -> None:
    missing = set(settings()) - set(VALUES)
    assert not missing, f"add them to VALUES: {missing}"


@pytest.mark.parametrize("name", VALUES)
def test_a_variable_is_an_option(name: str) -> None:
    text, words, value = VALUES[name]
    by_variable = vars(_parser().parse_with({f"SCALE_SANDBOX_{name.upper()}": text}, []))
    assert by_variable == vars(_parser().parse_with({}, words)) == settings() | {name: value}


def test_the_command_line_wins_over_variables() -> None:
    """A list is added to; an empty variable and a flag that is off count as absent."""
    environment = {
        "SCALE_SANDBOX_PORT": "1",
        "SCALE_SANDBOX_ALLOW_HOST": "a",
        "SCALE_SANDBOX_HOST": "",
        "SCALE_SANDBOX_QUIET": "off",
        "SCALE_SANDBOX_DB": "  ",
    }
    options = _parser().parse_with(environment, ["--port", "2", "--allow-host", "b"])
    assert (options.port, options.allow_host, options.host) == (2, ["a", "b"], "127.0.0.1")
    assert (options.quiet, options.db) == (False, None)


@pytest.mark.parametrize(
    ("name", "text"),
    [("PORT", "tcp://10.0.0.1:80"), ("QUIET", "maybe"), ("FAULT", "x"), ("DISABLE_TYPE", "x")],
)
def test_a_wrong_variable_is_named(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"SCALE_SANDBOX_{name}", text)
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 2
    assert f"error: SCALE_SANDBOX_{name}: " in capsys.readouterr().err


def test_an_unknown_variable_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """It may be a typo, or one that Kubernetes sets for a service of this name."""
    _parser().parse_with({"SCALE_SANDBOX_PROT": "1"}, [])
    assert "SCALE_SANDBOX_PROT is not a setting" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes otherwise")
def test_given_keys_are_used_and_not_printed(running: list[Running]) -> None:
    """The output of a container ends up in logs."""
    command = Running(
        *["--test-key", "k1", "--live-key", "k2", "--test-callback-secret", "s1"],
        *["--live-callback-secret", "s2", "--disable-type", "chat", "--host", "0.0.0.0"],
    )
    running.append(command)
    auth = ("k2", "")
    assert requests.get(f"{command.url}/tasks", auth=auth, timeout=5).status_code == 200
    assert requests.post(f"{command.url}/task/chat", auth=auth, timeout=5).status_code == 402
    status, output = command.stop(signal.SIGTERM)
    assert status == 0
    assert "Listening on 0.0.0.0: whoever can connect can change everything." in command.greeting
    for secret in ("k1", "k2", "s1", "s2"):
        assert secret not in (command.greeting + output).split()
    assert "export SCALE_API_KEY" not in command.greeting


def test_fidelity_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The table of behaviours can be read without the sources."""
    assert main(["--fidelity"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["what", "source", "certainty", "test"]
    assert any(line.startswith("GET /v1/tasks ") for line in lines)


@pytest.mark.parametrize("host", ["a" * 64, "a..example", "\xfc" * 70])
def test_a_host_that_is_no_name_is_one_line(capsys: pytest.CaptureFixture[str], host: str) -> None:
    assert main(["--host", host]) == 2
    error = capsys.readouterr().err
    assert error.startswith("scaleapi.sandbox: host: a host must be a name")
    assert error.count("\n") == 1


THREADS = """
import socket, sys, threading, time
from scaleapi.sandbox.__main__ import main

for port in sys.argv[1:]:
    threading.Thread(target=main, args=(["--port", port],), daemon=True).start()
    for _ in range(100):
        if socket.socket().connect_ex(("127.0.0.1", int(port))) == 0:
            break
        time.sleep(0.05)
input()
"""


@pytest.mark.slow
def test_main_in_threads() -> None:
    """They get no signals, and run until the process ends. Requests are printed once."""
    ports = []
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as free:
            ports.append(str(free.getsockname()[1]))
    with subprocess.Popen(
        [sys.executable, "-c", THREADS, *ports],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout
            for port in ports:  # a sandbox can be connected to before it prints
                greeting = f"Scale sandbox at http://127.0.0.1:{port}/v1\n"
                assert greeting in iter(process.stdout.readline, "")
            for port in ports:
                requests.get(f"http://127.0.0.1:{port}/v1/tasks", timeout=5)
            output, _ = process.communicate("\n", timeout=10)
        finally:
            process.kill()
    assert output.count("GET /v1/tasks 401") == 2
