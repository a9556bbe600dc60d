"""What type checkers know of the v2 API without plugins; the types are in typing_cases.py."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scaleapi.api_client.v2 import models
from tests.compat.test_v2_paths import module_of

pytestmark = pytest.mark.slow

CASES = Path(__file__).with_name("typing_cases.py")

#: Mistakes, one per line, with the errors of the type checkers.
WRONG = {
    "client.v2.iter_tasks(project_naem='chats')": "project_naem",
    "client.v2.get_task('t', _requst_timeout=5)": "_requst_timeout",
    "client.v2.get_task('t', _request_timeout='soon')": "_request_timeout",
    "client.v2.iter_tasks('p', _headers=5)": "_headers",
    "client.v2.get_task_with_http_info(5)": "str",
    "client.v2.get_tusk_with_http_info('t')": "get_tusk_with_http_info",
    "client.v2.get_task_without_preload_content('t', 'p', 'o', 'm')": "positional",
    "client.v2.get_task_with_http_info('t').dato": "dato",
}

COMMANDS = {
    "mypy": ["mypy", "--strict", "--warn-unused-ignores"],
    "pyright": ["pyright", "--pythonpath", sys.executable],
}


@pytest.mark.parametrize("checker", COMMANDS)
def test_the_typing_cases_run(checker: str, tmp_path: Path) -> None:
    """And a mistake is seen, so that the checker did look at the file."""
    cases = f"# pyright: strict\n{CASES.read_text('utf-8')}"
    first = 1 + len(cases.splitlines())
    errors = check(checker, tmp_path, cases + "\n".join([*WRONG, ""]))
    where = {int(error.split(":")[1]) for error in errors}
    assert where == set(range(first, first + len(WRONG))), "\n".join(errors)
    for line, what in enumerate(WRONG.values(), first):
        told = "".join(error for error in errors if f":{line}:" in error)
        assert re.search(what, told), told


@pytest.mark.parametrize("checker", COMMANDS)
def test_the_old_modules_of_models(checker: str, tmp_path: Path) -> None:
    """Each has its model, and nothing else that is public."""
    imports = [f"from {module_of(name)} import {name}" for name in models.__all__]
    uses = ["task = Task.from_dict({})", "assert_type(task.task_id, str)"]
    wrong = "from scaleapi.api_client.v2.models.task import Tusk"
    first = "# pyright: strict, reportUnusedImport=false\nfrom typing_extensions import assert_type"
    program = [first, *imports, *uses, wrong, ""]
    errors = check(checker, tmp_path, "\n".join(program))
    assert errors
    assert all("Tusk" in error for error in errors), "\n".join(errors)


def check(checker: str, folder: Path, program: str) -> list[str]:
    """Return the errors that a type checker finds."""
    pytest.importorskip(checker)
    path = folder / "program.py"
    path.write_text(program, "utf-8")
    command = [sys.executable, "-m", *COMMANDS[checker], str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return [line.strip() for line in done.stdout.splitlines() if "error: " in line]
