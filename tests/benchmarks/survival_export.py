"""A million tasks exported to Parquet by a process that is killed ten times, while 1,000 new tasks
a minute arrive: is a task lost, or exported twice, and does the memory grow?

The sandbox has the tasks in its file. Each process is killed (SIGKILL) when it has written a
tenth of the files that were left by the one before; the last one finishes. Linux only.

``--short`` exports 20,000. The exit status is 1 if a promise was broken.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from itertools import takewhile
from pathlib import Path

from _contest import resident

SHORT = "--short" in sys.argv
TASKS = 20_000 if SHORT else int(os.environ.get("TASKS", "1000000"))
WINDOW = 400 if SHORT else 20_000
KILLS = 10
PER_MINUTE = 1_000
MEMORY = 150  # MB over the start
KEY = "live_sandbox_key"
SEED = {
    "live": {
        "projects": [{"name": "parcels", "type": "imageannotation"}],
        "tasks": [
            {
                "count": TASKS,
                "status": "completed",
                "type": "imageannotation",
                "project": "parcels",
                "attachment": "https://img.example.net/a.png",
                "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
            }
        ],
    }
}


def export(url: str, folder: str, window: str) -> None:
    """Export, in a process of its own; print the memory before, when everything is loaded."""
    from scaleapi import ScaleClient
    from scaleapi.export import task_reader

    client = ScaleClient(KEY, api_instance_url=url)
    task_reader(client.tasks(project="parcels", limit=1)).read_all()  # also loads pandas
    print(resident(), flush=True)
    began = time.perf_counter()
    done = client.export_tasks("parcels", folder, format="parquet", window=int(window))
    print(json.dumps({"tasks": done.tasks, "seconds": time.perf_counter() - began}), flush=True)


@contextmanager
def sandbox(*options: str) -> Generator[str]:
    """Start the sandbox's command; it ends with the block."""
    command = [sys.executable, "-m", "scaleapi.sandbox", "--quiet", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            lines = list(takewhile(lambda line: "Dashboard" not in line, process.stdout))
            yield next(line for line in lines if " at http" in line).split()[-1]
        finally:
            process.terminate()


def spread(database: Path) -> None:
    """Let the tasks be created one after the other, 30 ms apart, instead of all at once."""
    time_of_key = "strftime('%Y-%m-%dT%H:%M:%fZ', 1767600000 + key * 0.03, 'unixepoch')"
    with closing(sqlite3.connect(database)) as db, db:
        db.execute(f"UPDATE tasks SET created_at = {time_of_key}")
        db.execute(
            "UPDATE documents SET body = json_set(body, '$.created_at',"
            f" {time_of_key}) WHERE key IN (SELECT key FROM tasks)"
        )


def arrive(url: str, ended: threading.Event) -> int:
    """Create tasks at the given rate until the end, and return how many."""
    from scaleapi import ScaleClient

    client, count = ScaleClient(KEY, api_instance_url=url), 0
    began = time.monotonic()
    while not ended.wait(max(0, began + count * 60 / PER_MINUTE - time.monotonic())):
        client.create_task(
            "imageannotation",
            project="parcels",
            attachment="https://img.example.net/new.png",
            geometries={"box": {"objects_to_annotate": ["parcel"]}},
        )
        count += 1
    return count


def memory_of(process: subprocess.Popen[str]) -> float:
    """Return the most memory that a process has had, in MB; 0 if it has ended."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(sizes[0]) * 1024 / 1e6 if sizes else 0.0


class Exports:
    """Export processes, one after the other, in one folder.

    Attributes:
        growth: The most that the memory of one has grown, in MB.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.growth = 0.0
        self._command = [sys.executable, __file__, "--export", url, str(folder), str(WINDOW)]
        self._folder = folder

    def files(self) -> int:
        return len(list(self._folder.glob("tasks-*")))

    def run(self, until_files: float) -> str:
        """Run one until there are so many files, and kill it; return what it printed."""
        with subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            start, most = float(process.stdout.readline()), 0.0
            while process.poll() is None and self.files() < until_files:
                most = max(most, memory_of(process))
                time.sleep(0.02)
            process.kill()
            self.growth = max(self.growth, most - start)
            return process.stdout.read()


def ids_in(folder: Path) -> tuple[list[str], str]:
    """Return the ids in an export, and the creation time of its newest task."""
    from pyarrow import dataset

    table = dataset.dataset(folder).to_table(columns=["task_id", "created_at"])
    newest = max(table["created_at"].to_pylist())
    return table["task_id"].to_pylist(), newest.isoformat(timespec="milliseconds")[:23] + "Z"


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        seed, database, folder = (Path(place, name) for name in ("seed.json", "a.db", "out"))
        seed.write_text(json.dumps(SEED))
        with sandbox("--db", str(database), "--seed", str(seed)):
            pass
        spread(database)
        with sandbox("--db", str(database), "--transition", "manual") as url:
            ended, arrived = threading.Event(), list[int]()
            arriving = threading.Thread(target=lambda: arrived.append(arrive(url, ended)))
            arriving.start()
            exports = Exports(url, folder)
            began, kills, planned = time.perf_counter(), 0, TASKS / WINDOW
            try:
                for number in range(1, KILLS + 1):
                    kills += not exports.run(number * planned / (KILLS + 1))
                said = exports.run(float("inf"))
            finally:
                seconds = time.perf_counter() - began
                ended.set()
                arriving.join()
        found, newest = ids_in(folder)
        with closing(sqlite3.connect(database)) as db:
            query = "SELECT task_id FROM tasks WHERE created_at <= ?"
            wanted = {task_id for (task_id,) in db.execute(query, (newest,))}
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    lost, twice = len(wanted - set(found)), len(found) - len(set(found))
    print(f"{len(found)} tasks in {seconds:.0f} s with {kills} kills, {size:.0f} MB of Parquet")
    print(f"last process: {said.strip()}")
    print(f"{arrived[0]} tasks arrived meanwhile")
    print(f"lost: {lost}, twice: {twice}, unknown: {len(set(found) - wanted)}")
    print(f"memory of the process over its start, at most: {exports.growth:.0f} MB")
    if lost or twice or kills < KILLS or exports.growth > MEMORY or len(found) < TASKS:
        sys.exit(1)


if __name__ == "__main__":
    if "--export" in sys.argv:
        export(*sys.argv[2:])
    else:
        main()
