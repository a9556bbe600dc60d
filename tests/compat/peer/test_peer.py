"""Programs for the released client have the same output with this client.

``nox -s peer`` installs the released package in an environment of its own and names its interpreter
in PEER_PYTHON. Without that the programs still run with this client, to their end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scaleapi.sandbox import Sandbox

pytestmark = pytest.mark.slow

RELEASED = os.environ.get("PEER_PYTHON")
PROGRAMS = sorted(Path(__file__).parent.glob("programs/*.py"))


def printed(python: str, program: Path, world: str, directory: Path) -> str:
    """The output of a program for one mode of a new sandbox."""
    # Long enough for a program to look at pending work, also on a busy machine.
    transition = "after 3s" if world == "live" else None
    with Sandbox(transition=transition) as sandbox:
        key = {"live": sandbox.live_key, "test": sandbox.test_key}[world]
        done = subprocess.run(
            [python, program, sandbox.url, key],
            cwd=directory,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, f"{program} with {python}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("world", ["live", "test"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_same_output(program: Path, world: str, tmp_path: Path) -> None:
    ours = printed(sys.executable, program, world, tmp_path)
    assert ours
    if RELEASED:
        assert ours == printed(RELEASED, program, world, tmp_path)


def test_every_call_is_made(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Every method of the released client and its objects, except for the v2 API."""
    surface = json.loads((Path(__file__).parents[1] / "public_api.json").read_text("utf-8"))
    own = {"as_dict", "__init__", "quote_string", "v2_get_tasks"}
    kinds = {"ScaleClient", "Task", "Batch", "Project", "TaskTemplate", "Teammate"}
    wanted = {
        f"{kind}.{method}" for kind in kinds for method in surface["classes"][kind]["methods"]
    }
    program = Path(__file__).parent / "programs" / "surface.py"
    called = json.loads(
        printed(RELEASED or sys.executable, program, "live", tmp_path).splitlines()[-1]
    )
    assert {name for name in wanted - set(called) if name.split(".")[1] not in own} == set()
    record_property("calls", f"{len(called)} calls of {len(set(called))} methods")


def test_the_peer_is_the_released_client() -> None:
    if not RELEASED:
        pytest.skip("only `nox -s peer` has the released client")
    command = [
        RELEASED,
        "-c",
        "from importlib import metadata; print(metadata.version('scaleapi'))",
    ]
    assert subprocess.check_output(command, text=True).strip() == "2.18.4"
