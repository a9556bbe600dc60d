"""Run all Python blocks of README.rst and docs/, from top to bottom of each file."""

from __future__ import annotations

import re
import shutil
import traceback
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest

from scaleapi.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.rst", *sorted((ROOT / "docs").rglob("*.rst"))]
#: Languages of blocks that are not run here: tests/compat/peer runs Python for another client.
PLAIN = {"console", "python3", "shell", "text"}

BLOCK = re.compile(
    r"^(?P<indent> *)\.\. (?:code-block|code|sourcecode)::(?P<language>.*)\n"
    r"(?P<options>(?:(?P=indent) +:.*\n)*)"
    r"(?P<code>(?:(?P=indent) +.*\n|[ ]*\n)*)",
    re.MULTILINE,
)
UNNAMED = re.compile(r"^(?! *\.\. ).*::$|^ *>>> ", re.MULTILINE)  # could hide Python


class Block(NamedTuple):
    line: int
    language: str
    code: str


def blocks(text: str) -> Iterator[Block]:
    """Yield the code blocks of a page, each with the line that its code begins on."""
    for match in BLOCK.finditer(text + "\n"):
        line = 1 + text.count("\n", 0, match.start("code"))
        yield Block(line, match["language"].strip(), dedent(match["code"]))


def run(page: Path) -> None:
    """Run the Python blocks of a page in one namespace."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page.read_text("utf-8")):
        if block.language == "python":
            # Leading empty lines, so that tracebacks and warnings have the line of the page.
            source = "\n" * (block.line - 1) + block.code
            exec(compile(source, page, "exec", dont_inherit=True), namespace)


@pytest.fixture
def _newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A directory with the example files, and environment variables for a new sandbox."""
    shutil.copytree(ROOT / "examples" / "data", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    with Sandbox() as sandbox:
        monkeypatch.setenv("SCALE_API_KEY", sandbox.live_key)
        monkeypatch.setenv("SCALE_API_INSTANCE_URL", sandbox.url)
        yield


@pytest.mark.usefixtures("_newcomer")
@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_blocks_run(page: Path) -> None:
    run(page)


@pytest.mark.slow
@pytest.mark.usefixtures("_newcomer")
def test_each_program_of_the_readme_is_whole() -> None:
    """Each can be copied into a file of its own."""
    readme = PAGES[0]
    programs = [block for block in blocks(readme.read_text("utf-8")) if block.language == "python"]
    assert len(programs) >= 7
    for block in programs:
        source = "\n" * (block.line - 1) + block.code
        exec(compile(source, readme, "exec", dont_inherit=True), {"__name__": "__main__"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_has_a_known_language(page: Path) -> None:
    """Each block names its language: Python, which is run, or one of PLAIN."""
    text = page.read_text("utf-8")
    lines = [block.line for block in blocks(text) if block.language not in {"python", *PLAIN}]
    lines += [1 + text.count("\n", 0, match.start()) for match in UNNAMED.finditer(text)]
    allowed = ", ".join(sorted(PLAIN))
    assert not lines, f"{page}, lines {lines}: use `.. code-block::` with python, {allowed}"


BROKEN = """\
Title
=====

.. code-block:: shell

   exit 1

.. code-block:: python
   :caption: Defines a name

   answer = 42

Text.

.. code-block:: python

   assert answer == 42

   answer / 0
"""


@pytest.mark.parametrize("statement", ["answer / 0", "answer =", "import no_such_module"])
def test_a_broken_block_is_caught(tmp_path: Path, statement: str) -> None:
    page = tmp_path / "broken.rst"
    page.write_text(BROKEN.replace("answer / 0", statement), "utf-8")
    with pytest.raises((ZeroDivisionError, SyntaxError, ModuleNotFoundError)) as caught:
        run(page)
    assert f'File "{page}", line 19' in "".join(traceback.format_exception(caught.value))


def test_blocks_share_names_and_keep_line_numbers(tmp_path: Path) -> None:
    page = tmp_path / "fine.rst"
    page.write_text(BROKEN.replace("answer / 0", ""), "utf-8")
    run(page)
    assert [(block.line, block.language) for block in blocks(BROKEN)] == [
        (5, "shell"),
        (10, "python"),
        (16, "python"),
    ]
