"""A million tasks in the sandbox's database file: how long they take to load, the page at which
lists get slower, and the memory of the process.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3

TASKS = 20_000 if "--short" in sys.argv else int(os.environ.get("TASKS", "1000000"))
LIMIT = 100
READS = 200
TASK = {
    "count": TASKS,
    "status": "pending",
    "type": "imageannotation",
    "project": "parcels",
    "batch": "week_1",
    "attachment": "https://img.example.net/a.png",
    "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
    "tags": ["pilot"],
}
SEED = {
    "live": {
        "projects": [{"name": "parcels", "type": "imageannotation"}],
        "batches": [{"name": "week_1", "project": "parcels"}],
        "tasks": [TASK],
    }
}


def start(*options: str) -> tuple[subprocess.Popen[str], str]:
    """Start the command and return it with its URL."""
    command = [sys.executable, "-m", "scaleapi.sandbox", "--quiet", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    url = next(line for line in process.stdout if " at http" in line).split()[-1]
    return process, url


def peak_memory(process: subprocess.Popen[str]) -> str:
    """Return the peak memory of a process (Linux only)."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return "unknown"
    return next(line for line in status.splitlines() if "VmHWM" in line).split(None, 1)[1]


class Pages:
    """Reads pages of tasks over one connection."""

    def __init__(self, url: str) -> None:
        self._path = f"{urlsplit(url).path}/tasks"
        self._pool = urllib3.connection_from_url(url)
        self._headers = urllib3.make_headers(basic_auth="live_sandbox_key:")

    def read(self, **query: Any) -> Any:
        fields: dict[str, Any] = {"limit": str(LIMIT), **query}
        return self._pool.request("GET", self._path, fields=fields, headers=self._headers).json()

    def token_before(self, page: int, **query: str) -> str:
        """Walk to a page and return its cursor."""
        token = self.read(**query)["next_token"]
        for _ in range(page - 2):
            token = self.read(next_token=token, **query)["next_token"]
        return token


def median_of_turns(calls: list[Callable[[], object]]) -> list[float]:
    """Return the median time of each call, alternating between them."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(READS):
        for call, taken in zip(calls, times, strict=True):
            started = time.perf_counter()
            call()
            taken.append(time.perf_counter() - started)
    return [statistics.median(taken) for taken in times]


def main() -> None:
    last = TASKS // LIMIT
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder, "seed.json")
        seed.write_text(json.dumps(SEED))
        started = time.perf_counter()
        loader, _ = start("--db", f"{folder}/a.db", "--seed", str(seed))
        print(f"{TASKS} tasks loaded in {time.perf_counter() - started:.1f} s")
        print(f"memory while loading, at most: {peak_memory(loader)}")
        loader.terminate()
        loader.communicate()
        started = time.perf_counter()
        process, url = start("--db", f"{folder}/a.db")
        size = Path(folder, "a.db").stat().st_size / 1e6
        print(f"file of {size:.0f} MB opened in {time.perf_counter() - started:.2f} s")
        pages = Pages(url)
        for filters in ({}, {"project": "parcels"}, {"batch": "week_1", "status": "pending"}):
            started = time.perf_counter()
            token = pages.token_before(last, **filters)
            walked = time.perf_counter() - started
            first, far = median_of_turns(
                [
                    lambda: pages.read(**filters),  # noqa: B023
                    lambda: pages.read(next_token=token, **filters),  # noqa: B023
                ]
            )
            print(f"{filters}: {last} pages in {walked:.1f} s")
            print(
                f"  page 1: {first * 1000:.2f} ms, page {last}: {far * 1000:.2f} ms,"
                f" ratio {far / first:.2f}"
            )
        print(f"memory of the server after all pages, at most: {peak_memory(process)}")
        process.terminate()
        process.communicate()


if __name__ == "__main__":
    main()
