"""README.rst works where it is shown: on the package index, on GitHub and in a clone."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.rst").read_text("utf-8")
SITE = "https://scaleapi.github.io/scaleapi-python-client/"
FILES = "https://raw.githubusercontent.com/scaleapi/scaleapi-python-client/HEAD/"
VENV = "python3 -m venv .venv"
COMMANDS = (
    f'{VENV} && .venv/bin/pip install -q ".[sandbox]" && .venv/bin/python examples/quickstart.py',
    f'{VENV} && .venv/bin/pip install -q -e ".[dev]" && .venv/bin/pytest -q -n 4',
)


def test_renders_without_a_warning() -> None:
    rst = pytest.importorskip("readme_renderer.rst")
    warnings = io.StringIO()
    html = rst.render(TEXT, stream=warnings)
    assert warnings.getvalue() == ""
    assert html
    assert html.count("<img") == TEXT.count(".. image::")


def test_pictures_have_absolute_urls_of_files_that_exist() -> None:
    pictures = re.findall(r"\.\. image:: (\S+)", TEXT)
    assert len(pictures) >= 2
    for picture in pictures:
        assert picture.startswith(FILES)
        assert (ROOT / picture.removeprefix(FILES)).is_file(), picture


def test_links_lead_to_pages_that_exist() -> None:
    pages = re.findall(rf"{re.escape(SITE)}([\w/]+)\.html", TEXT)
    assert len(pages) >= 20
    missing = [page for page in pages if not (ROOT / "docs" / f"{page}.rst").is_file()]
    assert missing == []
    assert not re.search(r":(doc|ref|class|meth|func):`", TEXT)


def test_the_first_screens_have_all_that_a_newcomer_needs() -> None:
    lines = TEXT.splitlines()[:60]
    for command in COMMANDS:
        assert f"   {command}" in lines
    places = [
        next(number for number, line in enumerate(lines) if text in line)
        for text in (".. image::", "pip install", "with Sandbox()", "create_task(", "annotations)")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("call", "limit"), [("with Sandbox()", 8), ("create_tasks(", 6), ("export_annotations(", 3)]
)
def test_programs_are_short(call: str, limit: int) -> None:
    blocks = re.findall(r"\.\. code-block:: python\n\n((?:   .*\n|\n)+)", TEXT)
    (block,) = [block for block in blocks if call in block]
    assert "import" in block  # it is whole
    assert sum(bool(line.strip()) for line in block.splitlines()) <= limit
