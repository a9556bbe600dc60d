"""Run all programs in examples/, with and without a given service."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from scaleapi.sandbox import Sandbox

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted((ROOT / "examples").glob("*.py"))


def run(program: Path, directory: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", program],
        cwd=directory,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,  # not interactive
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{program}: exit status {done.returncode}\n{done.stderr}"
    assert done.stdout.strip(), f"{program} says nothing"
    return done.stdout


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_without_settings(program: Path, tmp_path: Path) -> None:
    """It starts a sandbox, from any directory."""
    run(program, tmp_path)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_with_settings(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox:
        monkeypatch.setenv("SCALE_API_KEY", sandbox.live_key)
        monkeypatch.setenv("SCALE_API_INSTANCE_URL", sandbox.url)
        run(program, tmp_path)


def test_the_quickstart_prints_the_same_on_every_run(tmp_path: Path) -> None:
    """Its sandbox has a random seed: only the port differs from the golden file.

    With WRITE_GOLDEN=1 in the environment, the file is written again.
    """
    golden = ROOT / "tests" / "data" / "quickstart.txt"
    said = [run(ROOT / "examples" / "quickstart.py", tmp_path) for _ in range(2)]
    first, second = (re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text) for text in said)
    assert first == second
    if "WRITE_GOLDEN" in os.environ:
        golden.write_text(first, encoding="utf-8")
    assert first == golden.read_text(encoding="utf-8")


QUICKSTART = ROOT / "examples" / "quickstart.py"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S*")


class Running:
    """A quick start in a process of its own, whose lines are read as it prints them."""

    def __init__(self, *arguments: str, stdin: int = subprocess.DEVNULL) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", QUICKSTART, *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.lines: list[str] = []

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def read(self, until: str = "\0") -> Iterator[str]:
        """Yield lines until one contains a text, or to the end."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            yield line
            if until in line:
                return
        assert until == "\0", "".join(self.lines)

    def follow_links(self, until: str = "\0") -> list[str]:
        """Open every link when it is printed."""
        links = [link for line in self.read(until) for link in self._opened(line)]
        assert links, "".join(self.lines)
        return links

    @staticmethod
    def _opened(line: str) -> list[str]:
        for link in LINK.findall(line):
            response = requests.get(link, timeout=10)
            assert response.status_code == 200, line
            assert "</html>" in response.text
        return LINK.findall(line)

    def stop(self) -> None:
        """Press Ctrl-C, and wait for a clean end."""
        self.process.send_signal(signal.SIGINT)
        said = self.process.communicate(timeout=20)[0]
        assert self.process.returncode == 0, said
        assert "Traceback" not in said
        assert said.strip() == "Stopped"


def test_links_of_the_quickstart_work_when_they_are_printed() -> None:
    with Running() as quickstart:
        assert len(quickstart.follow_links()) == 1
        assert quickstart.process.wait(20) == 0
        assert "--keep" in quickstart.lines[-1]


def test_the_quickstart_keeps_the_dashboard_running() -> None:
    with Running("--keep") as quickstart:
        *_, link = quickstart.follow_links("Ctrl-C")
        assert quickstart.process.poll() is None
        assert "week_11" in requests.get(f"{link}dashboard/batches", timeout=10).text
        quickstart.stop()
        with pytest.raises(requests.ConnectionError):
            requests.get(link, timeout=10)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_the_quickstart_keeps_running_on_a_terminal() -> None:
    controller, terminal = os.openpty()
    try:
        with Running(stdin=terminal) as quickstart:
            quickstart.follow_links("Ctrl-C")
            quickstart.stop()
    finally:
        os.close(controller)
        os.close(terminal)


def test_the_quickstart_says_who_labels() -> None:
    """Without a transition, the tasks wait for somebody at the dashboard."""
    with Running("--transition", "manual", "--keep") as quickstart:
        *_, link = quickstart.follow_links("/label?")
        origin = link.partition("/dashboard")[0]
        for _ in range(3):
            label(f"{origin}/dashboard/next")
        said = list(quickstart.read("Ctrl-C"))
        assert "3 tasks are completed; those tagged 'pilot':\n" in said
        quickstart.stop()


def test_the_quickstart_says_who_labels_in_a_sandbox_of_its_own_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In test mode as well, whose tasks are in another list."""
    with Sandbox(transition="manual") as sandbox:
        monkeypatch.setenv("SCALE_API_KEY", sandbox.test_key)
        monkeypatch.setenv("SCALE_API_INSTANCE_URL", sandbox.url)
        with Running() as quickstart:
            (link,) = quickstart.follow_links("/label?")
            assert link.startswith(sandbox.dashboard)


def label(link: str) -> None:
    """Submit a box for the task at this link, as the label page does."""
    with requests.Session() as session:
        page = session.get(link, timeout=10)
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text)
        box = {"type": "box", "label": "parcel", "left": 1, "top": 1, "width": 30, "height": 30}
        response = json.dumps({"annotations": [box]})
        done = session.post(page.url, {**dict(fields), "text": response}, timeout=10)
        assert "The task is completed." in done.text
