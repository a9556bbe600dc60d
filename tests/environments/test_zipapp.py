"""The package in an archive of ``python -m zipapp``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

import pytest

import scaleapi
from tests.environments.running import PROGRAMS

pytestmark = pytest.mark.slow


def test_dashboard_in_an_archive(tmp_path: Path) -> None:
    """Every page is served from inside the archive, and the whole style sheet."""
    folder, archive = tmp_path / "folder", tmp_path / "program.pyz"
    package = Path(scaleapi.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, folder / "scaleapi", ignore=ignored)
    shutil.copy(PROGRAMS / "dashboard_visit.py", folder / "__main__.py")
    zipapp.create_archive(folder, archive)
    shutil.rmtree(folder)
    done = subprocess.run(
        [sys.executable, str(archive)],
        env=dict(os.environ),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["package"].startswith(str(archive))
    pages = found["pages"]
    assert {path: status for path, status in pages.items() if status != 200} == {}
    assert any(found["task"] in path for path in pages)
    assert len(pages) > 8
    sheet = package / "sandbox" / "dashboard" / "static" / "dashboard.css"
    assert found["styles"] == {"dashboard.css": sheet.stat().st_size}
