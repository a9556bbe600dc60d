"""Run all programs in examples/, with and without a given service."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_the_quickstart_ends_with_the_dashboard_url(tmp_path: Path) -> None:
    """The last line is the URL of the dashboard."""
    said = run(ROOT / "examples" / "quickstart.py", tmp_path)
    assert re.search(r"browser: http://127\.0\.0\.1:\d+/$", said.strip())
