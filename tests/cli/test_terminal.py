"""The command in a real terminal and in real pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pexpect
import pytest

from scaleapi import ScaleClient
from scaleapi.sandbox import Sandbox

pytestmark = pytest.mark.slow

#: pexpect has no types.
Child = Any

COMMAND = [sys.executable, "-m", "scaleapi"]


@pytest.fixture(scope="module")
def sandbox() -> object:
    with Sandbox(transition="manual") as sandbox:
        client = ScaleClient(sandbox.live_key, api_instance_url=sandbox.url)
        client.create_project("p", "categorization")
        for number in range(150):
            client.create_task(
                "categorization",
                project="p",
                attachment="x",
                attachment_type="text",
                categories=["a", "b"],
                unique_id=f"u{number}",
            )
        yield sandbox


@pytest.fixture
def environment(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "TERM": "xterm",
        "HOME": str(tmp_path),
        "SCALE_API_KEY": sandbox.live_key,
        "SCALE_API_INSTANCE_URL": sandbox.url,
    }


def on_terminal(environment: dict[str, str], *words: str, width: int = 100) -> Child:
    return pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], *words],
        env=environment,
        dimensions=(24, width),
        encoding="utf-8",
        timeout=20,
    )


def ended(child: Child) -> tuple[int, str]:
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return child.exitstatus, child.before or ""


def test_a_table_on_a_terminal(environment: dict[str, str]) -> None:
    status, text = ended(on_terminal(environment, "tasks", "list", "--project-name", "p"))
    lines = text.splitlines()
    assert status == 0
    assert lines[0].startswith("\x1b[1mTASK ID")
    assert len(lines) == 151
    assert all(len(line) <= 100 for line in lines[1:])


def test_json_lines_on_a_terminal_on_request(environment: dict[str, str]) -> None:
    _, text = ended(on_terminal(environment, "projects", "list", "--json", width=2000))
    assert json.loads(text)["name"] == "p"


@pytest.mark.parametrize(("reply", "status"), [("y", 0), ("n", 2), ("", 2), ("\x04", 2)])
def test_a_live_key_asks_before_it_spends(
    environment: dict[str, str], sandbox: Sandbox, reply: str, status: int
) -> None:
    posts = [request for request in sandbox.requests if request.method == "POST"]
    child = on_terminal(
        environment,
        *("tasks", "create", "categorization", "project=p", "attachment=x"),
        *("attachment_type=text", 'categories:=["a","b"]'),
    )
    child.expect(r"Continue\? \[y/N\]")
    child.sendline(reply) if reply != "\x04" else child.sendeof()
    found, text = ended(child)
    assert found == status
    assert ("nothing was done" in text) == (status == 2)
    made = [request for request in sandbox.requests if request.method == "POST"]
    assert len(made) - len(posts) == (status == 0)


def test_the_key_of_a_profile_is_typed_unseen(environment: dict[str, str]) -> None:
    child = on_terminal(environment, "profiles", "add", "default")
    child.expect("API key: ")
    child.sendline("live_5ecret")
    status, text = ended(child)
    assert status == 0
    assert "5ecret" not in text


def test_ctrl_c_is_one_line(environment: dict[str, str]) -> None:
    child = on_terminal(environment, "profiles", "add", "default")
    child.expect("API key: ")
    child.sendintr()
    status, text = ended(child)
    assert status == 130
    assert text.strip().endswith("scaleapi: interrupted")


def test_a_closed_pipe_is_silent(environment: dict[str, str]) -> None:
    line = f"{' '.join(COMMAND)} tasks list --project-name p | head -1"
    ran = subprocess.run(
        ["bash", "-c", line],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ran.stderr == ""
    assert json.loads(ran.stdout)["project"] == "p"


def test_no_color_in_a_pipe(environment: dict[str, str]) -> None:
    ran = subprocess.run(
        [*COMMAND, "tasks", "list", "--project-name", "p"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert "\x1b" not in ran.stdout
    assert len([json.loads(line) for line in ran.stdout.splitlines()]) >= 150


def test_output_that_cannot_be_written_is_a_failure(environment: dict[str, str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(
            [*COMMAND, "projects", "list"],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=20,
            check=False,
        )
    assert ran.returncode == 1
    assert "No space left" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_terminal_without_all_characters(environment: dict[str, str]) -> None:
    """What it has not is escaped, in tables, objects and cut lines."""
    client = ScaleClient(
        environment["SCALE_API_KEY"], api_instance_url=environment["SCALE_API_INSTANCE_URL"]
    )
    client.ensure_project("żółw ★", "categorization", params={"instruction": "Ćma"})
    poor = {**environment, "PYTHONIOENCODING": "ascii"}
    for words in (("projects", "list"), ("projects", "get", "żółw ★")):
        status, text = ended(on_terminal(poor, *words, width=40))
        assert (status, "Traceback" in text) == (0, False)
        assert "\\u017c" in text


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_stream_that_is_closed(environment: dict[str, str], closed: str) -> None:
    """Nothing is paid for that nobody hears of, and messages do not go to the output instead."""
    words = "tasks create categorization project=p attachment=x"
    for line, expected in (
        (f"{words} --yes", 0 if closed == "2>&-" else 1),
        (words, 2 if closed == "2>&-" else 1),
    ):
        fields = 'attachment_type=text categories:=\'["a","b"]\''
        ran = subprocess.run(
            ["bash", "-c", f"{' '.join(COMMAND)} {line} {fields} {closed}"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert (ran.returncode, "Traceback" in ran.stderr) == (expected, False)
        assert len(ran.stdout.splitlines()) == (expected == 0)


def test_the_sandbox_starts_and_stops(environment: dict[str, str]) -> None:
    child = on_terminal(environment, "sandbox", "--port", "0")
    child.expect("Scale sandbox at http://127.0.0.1")
    time.sleep(0.2)
    child.kill(signal.SIGINT)
    assert ended(child)[0] == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_scripts(environment: dict[str, str], shell: str) -> None:
    ran = subprocess.run(
        [*COMMAND, "completion", shell],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ran.returncode == 0
    assert "finalize" in ran.stdout
    if shell == "bash":
        assert (
            subprocess.run(["bash", "-n"], input=ran.stdout, text=True, check=False).returncode == 0
        )


def test_an_export_shows_progress_and_a_summary(
    environment: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("export", "tasks", "p", str(out), "--task-type", "categorization")
    status, text = ended(on_terminal(environment, *words, width=500))
    lines = text.splitlines()
    counted = len([*out.glob("tasks-*")])
    assert status == 0
    assert any(line.endswith("tasks") and " of " in line for line in lines[:-1])
    assert lines[-1].endswith(f" tasks in {counted} files in {out}")
    assert "{" not in text


def test_an_export_in_a_pipe_has_no_progress(environment: dict[str, str], tmp_path: Path) -> None:
    words = ("export", "annotations", "p", str(tmp_path / "out"))
    ran = subprocess.run(
        [*COMMAND, *words, "--format", "ner"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["format"] == "ner"


def test_ctrl_c_ends_an_export_and_the_same_command_goes_on(
    environment: dict[str, str], tmp_path: Path
) -> None:
    words = ("export", "tasks", "p", str(tmp_path / "out"), "--window", "10")
    child = on_terminal(environment, *words, "--workers", "1", "--rate", "10", width=500)
    child.expect(" of ")
    child.sendintr()
    status, text = ended(child)
    assert status == 130
    assert text.splitlines()[-1] == "scaleapi: interrupted"
    begun = len([*(tmp_path / "out").glob("tasks-*")])
    assert begun >= 1
    status, text = ended(on_terminal(environment, *words, "--json", width=500))
    summary = json.loads(text.splitlines()[-1])
    assert (status, summary["tasks"] >= 150, summary["files"] > begun) == (0, True, True)
