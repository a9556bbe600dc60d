"""Bulk creation in processes: several at once, and some that are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from scaleapi import ScaleClient
from scaleapi.sandbox import Sandbox

pytestmark = pytest.mark.slow

PROGRAM = """
import json, sys
from scaleapi import ScaleClient

url, key, unique_id, journal = sys.argv[1:]
client = ScaleClient(key, api_instance_url=url, max_retries=8)
client.ensure_project("shared", "imageannotation", rapid=True)
client.ensure_batch("shared", "week_11")
result = client.create_tasks(
    "imageannotation",
    ({"id": n, "attachment": f"https://example.com/{n}.jpg"} for n in range(200)),
    defaults={"batch": "week_11", "geometries": {"box": {"objects_to_annotate": ["a"]}}},
    unique_id=unique_id or None,
    journal=journal or None,
    workers=8,
)
lists = ("created", "existing", "failed")
print(json.dumps({name: len(getattr(result, name)) for name in lists}))
"""


def start(sandbox: Sandbox, unique_id: str = "", journal: str = "") -> subprocess.Popen[str]:
    words = [sandbox.url, sandbox.live_key, unique_id, journal]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("unique_id", ["", "scan-{id}"])
def test_four_programs_at_once(client: ScaleClient, sandbox: Sandbox, unique_id: str) -> None:
    """They make one batch, and each task once; and each of them finds all tasks."""
    found = Counter[str]()
    for process in [start(sandbox, unique_id) for _ in range(4)]:
        found += Counter(json.loads(process.communicate(timeout=120)[0]))
        assert process.returncode == 0
    assert found == Counter(created=200, existing=600)
    assert [batch.name for batch in client.get_batches("shared")] == ["week_11"]
    assert client.get_tasks_count("shared") == 200


@pytest.mark.parametrize("unique_id", ["", "scan-{id}"])
def test_programs_that_are_killed(
    client: ScaleClient, sandbox: Sandbox, tmp_path: Path, unique_id: str
) -> None:
    """At length: ``tests/benchmarks/survival_bulk.py``."""
    journal = tmp_path / "journal"
    sandbox.faults.add("POST /v1/task/* reset after-commit 10% seed 1")
    for lines in (1, 60, 150, 151, 300):
        process = start(sandbox, unique_id, str(journal))
        until = time.monotonic() + 60
        while not journal.exists() or journal.read_bytes().count(b"\n") < lines:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    last = start(sandbox, unique_id, str(journal))
    found = json.loads(last.communicate(timeout=120)[0])
    sandbox.faults.clear()
    assert found["failed"] == 0
    assert found["created"] + found["existing"] == 200
    assert client.get_tasks_count("shared") == 200


def test_ctrl_c(sandbox: Sandbox, client: ScaleClient, tmp_path: Path) -> None:
    """It ends at once, and the next run goes on."""
    sandbox.faults.add("POST /v1/task/* hang every 20th")
    process = start(sandbox, "", str(tmp_path / "journal"))
    time.sleep(3)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert time.monotonic() - begun < 20
    assert process.returncode != 0
    sandbox.faults.clear()
    last = start(sandbox, "", str(tmp_path / "journal"))
    assert json.loads(last.communicate(timeout=120)[0])["failed"] == 0
    assert client.get_tasks_count("shared") == 200
