"""The dashboard in a package that is not unpacked: templates and style sheet come out of a zip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

import flask
import requests

ROOT = Path(__file__).parents[3]

PROGRAM = """
from urllib.request import urlopen
import scaleapi.sandbox
from scaleapi.sandbox import Sandbox

print(scaleapi.sandbox.__file__)
with Sandbox() as sandbox:
    for path in ("", "dashboard/tasks", "dashboard/dashboard.css"):
        with urlopen(sandbox.dashboard + path) as response:
            print(response.headers["Content-Type"], len(response.read()))
"""


def test_dashboard_runs_from_a_zipapp(tmp_path: Path) -> None:
    """Every page and the style sheet are served from inside the archive."""
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "scaleapi", source / "scaleapi", ignore=ignored)
    (source / "__main__.py").write_text(PROGRAM, "utf-8")
    archive = tmp_path / "sandbox.pyz"
    zipapp.create_archive(source, archive)
    shutil.rmtree(source)
    # -S keeps the editable install of this checkout out of the way.
    dependencies = dict.fromkeys(
        str(Path(one.__file__ or "").parents[1]) for one in (flask, requests)
    )
    done = subprocess.run(
        [sys.executable, "-S", archive],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(dependencies), "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    location, *served = done.stdout.splitlines()
    assert location.startswith(str(archive))
    assert [line.split(";")[0] for line in served[:2]] == ["text/html"] * 2
    assert served[2].startswith("text/css")
    css = ROOT / "scaleapi" / "sandbox" / "dashboard" / "static" / "dashboard.css"
    assert served[2].endswith(f" {css.stat().st_size}")
