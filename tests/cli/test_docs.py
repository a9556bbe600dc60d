"""The commands of the documentation work, one after the other."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from scaleapi.sandbox import Sandbox
from tests.cli.conftest import Run

PAGE = Path(__file__).parents[2] / "docs" / "command_line.rst"

#: Commands that run until Ctrl-C, or are for a shell; they have tests of their own.
ELSEWHERE = {"sandbox", "listen", "completion"}


def commands() -> list[list[str]]:
    text = PAGE.read_text("utf-8").replace("\\\n", " ")
    found = [shlex.split(line) for line in re.findall(r"^ +\$ (.*)$", text, re.MULTILINE)]
    return [words[1:] for words in found if words[0] == "scaleapi" and words[1] not in ELSEWHERE]


def test_every_command_of_the_page_works(
    run: Run, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scans.csv").write_text("id,attachment\n1,https://img.example.net/1.jpg\n")
    sandbox.transition = "immediate"
    monkeypatch.setenv("SCALE_API_KEY", sandbox.live_key)
    found = commands()
    assert len(found) >= 7
    for words in found:
        ran = run(*words, *(["--yes"] if words[:2] == ["tasks", "create"] else []))
        assert (ran.status, ran.err) == (0, ""), words
