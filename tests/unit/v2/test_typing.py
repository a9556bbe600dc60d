"""What type checkers know of the v2 API without plugins; the types are in typing_cases.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).with_name("typing_cases.py")
WRONG = "client.v2.iter_tasks(project_naem='chats')\n"

COMMANDS = {
    "mypy": ["mypy", "--strict", "--warn-unused-ignores", "--no-incremental"],
    "pyright": ["pyright", "--pythonpath", sys.executable],
}


@pytest.mark.parametrize("checker", COMMANDS)
def test_the_cases_are_true(checker: str, tmp_path: Path) -> None:
    """And a mistake is seen, so that the checker did look at the file."""
    pytest.importorskip(checker)
    path = tmp_path / "cases.py"
    path.write_text(f"# pyright: strict\n{CASES.read_text('utf-8')}\n\n{WRONG}", "utf-8")
    command = [sys.executable, "-m", *COMMANDS[checker], str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    errors = [line for line in done.stdout.splitlines() if "error: " in line]
    assert len(errors) == 1, done.stdout + done.stderr
    assert "project_naem" in errors[0]
