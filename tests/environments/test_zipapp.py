"""The package in an archive, as ``python -m zipapp`` makes them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

import scaleapi
from tests.environments.running import PROGRAMS


def test_dashboard_in_an_archive(tmp_path: Path) -> None:
    """Its pages and what they are made with are found."""
    folder, archive = tmp_path / "folder", tmp_path / "program.pyz"
    package = Path(scaleapi.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, folder / "scaleapi", ignore=ignored)
    shutil.copy(PROGRAMS / "dashboard_visit.py", folder / "__main__.py")
    zipapp.create_archive(folder, archive)
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
    assert any(path.endswith(".css") for path in pages)
    assert len(pages) > 8
