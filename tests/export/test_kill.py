"""An export whose process is killed again and again is complete in the end, without duplicates."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from pyarrow import dataset

from tests.export.conftest import exported, ids
from tests.export.task_list import DAY, TaskList, spread, task
from tests.wire.server import Server

PROGRAM = Path(__file__).parent / "programs" / "export.py"


@pytest.mark.slow
@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_killed_at_random_pages(tmp_path: Path, format: str) -> None:
    service = TaskList(spread(1_000))
    before = ids(service.tasks)
    pages = threading.Semaphore(0)
    arrived = 0

    def arrive(number: int) -> None:
        nonlocal arrived
        arrived += 1
        service.tasks.append(task(10_000 + arrived, DAY + timedelta(days=1, seconds=arrived)))
        pages.release()

    service.before_page = arrive
    kills = 0
    with Server(service) as server:
        command = [sys.executable, str(PROGRAM), server.url, str(tmp_path), format, "10"]
        for patience in (1, 3, 7, 12, 2, 20, 9):
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                for _ in range(patience):
                    pages.acquire(timeout=60)
                process.kill()
                kills += process.wait() != 0
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert kills >= 5
    assert int(done.stdout) == 1_000
    found = (
        exported(tmp_path)
        if format == "jsonl"
        else dataset.dataset(tmp_path).to_table(columns=["task_id"]).to_pylist()
    )
    assert ids(found) == before
    names = {path.name for path in tmp_path.iterdir() if not path.name.startswith("tasks-")}
    assert names == {"_manifest.json"}
