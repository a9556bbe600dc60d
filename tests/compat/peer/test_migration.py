"""What docs/migration.rst calls "Before" runs with the released client.

``tests/docs`` runs the code after the migration. See ``test_peer`` for how the released client is
found.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from scaleapi.sandbox import Sandbox

pytestmark = pytest.mark.slow

RELEASED = os.environ.get("PEER_PYTHON")
PAGE = Path(__file__).parents[3] / "docs" / "migration.rst"
BLOCK = re.compile(
    r"^\.\. code-block:: python3?\n   :caption: (?P<caption>.*)\n\n(?P<code>(?:   .*\n|\n)+)",
    re.MULTILINE,
)


def program(*captions: str) -> str:
    """Return the blocks of the page that have one of these captions."""
    found = BLOCK.finditer(PAGE.read_text("utf-8"))
    return "\n".join(dedent(one["code"]) for one in found if one["caption"] in captions)


def run(python: str, code: str, directory: Path) -> subprocess.CompletedProcess[str]:
    with Sandbox(transition="manual") as sandbox:
        env = {"SCALE_API_KEY": sandbox.live_key, "SCALE_API_INSTANCE_URL": sandbox.url}
        return subprocess.run(
            [python, "-c", code],
            cwd=directory,  # away from this package, so that each client finds itself
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def test_every_edit_has_both_sides() -> None:
    captions = [one["caption"] for one in BLOCK.finditer(PAGE.read_text("utf-8"))]
    assert captions.count("Before and after") == 2
    edits = [caption for caption in captions if caption != "Before and after"]
    assert edits == ["Before", "After"] * (len(edits) // 2)
    assert len(edits) >= 20


def test_before_runs_with_the_released_client(tmp_path: Path) -> None:
    if not RELEASED:
        pytest.skip("only `nox -s peer` has the released client")
    done = run(RELEASED, program("Before and after", "Before"), tmp_path)
    assert done.returncode == 0, done.stderr


def test_after_runs_with_this_client(tmp_path: Path) -> None:
    done = run(sys.executable, program("Before and after", "After"), tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("number", range(12))
def test_each_edit_is_needed(number: int, tmp_path: Path) -> None:
    """With this client, the code from before fails, or would if it looked closely."""
    found = list(BLOCK.finditer(PAGE.read_text("utf-8")))
    before = [place for place, one in enumerate(found) if one["caption"] == "Before"]
    assert len(before) == 12
    common = [one for one in found[: before[number]] if one["caption"] == "Before and after"]
    code = "\n".join(dedent(one["code"]) for one in [*common, found[before[number]]])
    done = run(sys.executable, code, tmp_path)
    optional = {7, 8, 10}  # shorter ways; the old ones still work
    assert (done.returncode == 0) == (number in optional), done.stderr
