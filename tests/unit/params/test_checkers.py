"""Twenty mistakes: who finds them, with the TypedDicts and without."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleClient, ScaleInvalidRequest, ScaleParameterWarning, TaskType
from scaleapi.params.mistakes import suggestions
from scaleapi.sandbox import Sandbox
from tests.unit.params.twenty_mistakes import MISTAKES, SOUND, Mistake

pytestmark = pytest.mark.slow

#: Type checkers start here, where mypy's cache has the package.
ROOT = Path(__file__).parents[3]

HEADER = "from scaleapi import ScaleClient, TaskType\nfrom scaleapi import params as p\n"


def program(path: Path, typed: bool) -> Path:
    """Write a program of one line per mistake, from line 5 on."""
    lines = [HEADER, 'client = ScaleClient("key")']
    for one in MISTAKES:
        arguments = one.arguments
        if typed:
            arguments = f"**p.{one.member}Params({arguments})"
        lines.append(f"client.create_task(TaskType.{one.member}, {arguments})")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def mypy(path: Path) -> set[int]:
    """Return the lines in which mypy finds something."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT
    )
    assert done.returncode in (0, 1), done.stderr
    return {int(line) for line in re.findall(rf"{path.name}:(\d+): error", done.stdout)}


def pyright(path: Path) -> set[int]:
    """Return the lines in which pyright finds something."""
    pytest.importorskip("pyright")
    command = [sys.executable, "-m", "pyright", "--outputjson", str(path)]
    done = subprocess.run(
        [*command, "--pythonpath", sys.executable],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    found = json.loads(done.stdout)["generalDiagnostics"]
    return {one["range"]["start"]["line"] + 1 for one in found if one["severity"] == "error"}


def lines_of(path: Path) -> dict[str, int]:
    """Return the line of each mistake."""
    first = path.read_text("utf-8").splitlines().index('client = ScaleClient("key")') + 2
    return {one.what: first + place for place, one in enumerate(MISTAKES)}


def arguments(mistake: Mistake) -> dict[str, Any]:
    given: dict[str, Any] = eval(f"dict({mistake.arguments})")
    return given


def is_warned_of(mistake: Mistake) -> bool:
    return bool(suggestions(TaskType[mistake.member], arguments(mistake)))


def is_rejected(client: ScaleClient, mistake: Mistake) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScaleParameterWarning)
            client.create_task(TaskType[mistake.member], **arguments(mistake))
    except ScaleInvalidRequest:
        return True
    return False


def test_twenty_mistakes(tmp_path: Path) -> None:
    assert len(MISTAKES) == len({one.what for one in MISTAKES}) == 20
    plain = program(tmp_path / "plain.py", typed=False)
    typed = program(tmp_path / "typed.py", typed=True)
    by_pyright, by_mypy = pyright(typed), mypy(typed)
    without = pyright(plain) | mypy(plain)
    with (
        Sandbox() as sandbox,
        ScaleClient(sandbox.test_key, api_instance_url=sandbox.url) as client,
    ):
        rows = [
            (
                one.what,
                lines_of(plain)[one.what] in without,
                lines_of(typed)[one.what] in by_pyright,
                lines_of(typed)[one.what] in by_mypy,
                is_warned_of(one),
                is_rejected(client, one),
            )
            for one in MISTAKES
        ]
    print("\nmistake: before; pyright, mypy with TypedDict; warning before sending; sandbox 400")  # noqa: T201
    for row in rows:
        print(f"{row[0]:34}", *(" yes" if found else "   -" for found in row[1:]))  # noqa: T201
    print("found", [sum(column) for column in list(zip(*rows, strict=True))[1:]])  # noqa: T201
    assert [row[0] for row in rows if not row[2]] == []
    assert [row[0] for row in rows if not row[3]] == []
    names = {one.what for one in MISTAKES if one.kind in ("name", "nesting")}
    assert {row[0] for row in rows if row[4]} == names


def test_sound_programs_pass(tmp_path: Path) -> None:
    path = tmp_path / "sound.py"
    path.write_text(SOUND, "utf-8")
    assert mypy(path) == set()
    assert pyright(path) == set()


def test_the_examples_of_the_documentation_pass(tmp_path: Path) -> None:
    """The blocks of each page of a task type and of the cookbook, as one program."""
    docs = ROOT / "docs"
    for page in sorted([*docs.glob("types/*.rst"), docs / "cookbook.rst"]):
        found = re.findall(
            r"\.\. code-block:: python\n\n((?:   .*\n|\n)+)", page.read_text("utf-8")
        )
        code = "\n".join(line[3:] for block in found for line in block.splitlines())
        (tmp_path / f"page_{page.stem}.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout
    assert pyright(tmp_path) == set()
