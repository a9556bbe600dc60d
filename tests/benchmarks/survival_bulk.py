"""A bulk creation through 20 % of faults, killed again and again: is a task lost, or made twice?

A process creates the tasks of 100,000 rows with a journal, and is killed with SIGKILL at 30 random
moments; each time the same call is made again, until one gets to the end. Half of the faults come
after the service has made the task. Once with ``unique_id`` and once without, when only the
idempotency key of a row tells that it was made. Then a journal that the system lets grow to a
certain size only, as on a full disk: the error has to say so, and nothing may be lost.

``--short`` makes 600 rows and kills 5 times; ``--rows N`` and ``--kills N`` say how many. The exit
status is 1 if a promise was broken.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from _sandbox_process import KEY, SandboxProcess, sandbox
from survival_creates import mixed

from scaleapi import ScaleClient

WORKERS = 32
READ_TIMEOUT = 1.0

#: Rows per second that a run makes at least; kills are spread over the time that all take.
SLOWEST = 250

DEFAULTS = {"project": "survival", "geometries": {"box": {"objects_to_annotate": ["parcel"]}}}


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Yield rows that know their numbers."""
    for number in range(count):
        yield {"attachment": "https://example.com/a.png", "metadata": {"number": number}}


def create(url: str, count: int, with_id: bool, journal: str) -> int:
    """Create the tasks of all rows; what a process does until it is killed."""
    options: dict[str, Any] = {"timeout": (5, READ_TIMEOUT), "max_retries": 8}
    with ScaleClient(KEY, api_instance_url=url, proxies={}, **options) as client:
        failed, done = 0, 0
        for outcome in client.iter_create_tasks(
            "imageannotation",
            rows(count),
            defaults=DEFAULTS,
            unique_id="n{metadata.number}" if with_id else None,
            journal=journal,
            workers=WORKERS,
            progress=False,
        ):
            done += 1
            failed += outcome.error is not None
    print(f"    {done} rows through, {failed} failed", flush=True)
    return 3 if failed else 0


class Runs:
    """Processes that each make the same call."""

    def __init__(self, here: SandboxProcess, count: int, with_id: bool, journal: Path) -> None:
        words = ["--create", here.url, str(count), str(int(with_id)), str(journal)]
        self._command = [sys.executable, __file__, *words]

    def kill_after(self, seconds: float) -> bool:
        """Start one and kill it; return whether it had ended before."""
        with subprocess.Popen(self._command) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                return False
            return process.returncode == 0

    def stop_at(self, size: int) -> str:
        """Let one run until its journal has so many bytes; return the last line of its error."""
        command = [*self._command, "--file-size", str(size)]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        return done.stderr.strip().splitlines()[-1] if done.returncode else ""

    def finish(self) -> bool:
        """Let one get to the end; rows that failed are tried again by the next."""
        return any(subprocess.run(self._command, check=False).returncode == 0 for _ in range(5))


def run(count: int, kills: int, *, with_id: bool, seed: int) -> Counter[str]:
    """Create so many tasks, with so many kills, and print what became of them."""
    chance = random.Random(seed)
    with sandbox() as here, tempfile.TemporaryDirectory() as folder:
        client = ScaleClient(KEY, api_instance_url=here.url, proxies={})
        client.create_project("survival", "imageannotation")
        here.set_faults(mixed(honest_refusals=False))
        runs = Runs(here, count, with_id, Path(folder) / "journal.jsonl")
        started, killed = time.monotonic(), 0
        for _ in range(kills):
            ended = runs.kill_after(0.3 + chance.uniform(0.0, 2.0 * count / SLOWEST / kills))
            killed += not ended
        ended = runs.finish()
        seconds = time.monotonic() - started
        hits = here.faults()
        here.set_faults([])
        made = Counter((task.metadata or {})["number"] for task in client.get_tasks("survival"))
    found = Counter(
        lost=sum(made[number] == 0 for number in range(count)),
        duplicates=sum(n - 1 for n in made.values()),
        unfinished=not ended,
    )
    fired, requests = sum(rule["fired"] for rule in hits), hits[0]["matched"]
    late = sum(rule["fired"] for rule in hits if rule["after_commit"])
    print(
        f"{'with' if with_id else 'without'} unique_id: {count} rows, {killed} kills,"
        f" {seconds:.0f} s\n"
        f"  {requests} requests, {fired} faults ({fired / requests:.1%}), {late} after the commit\n"
        f"  lost {found['lost']}, duplicates {found['duplicates']}"
        f"{', NOT FINISHED' if found['unfinished'] else ''}",
        flush=True,
    )
    return found


def full_disk(count: int) -> Counter[str]:
    """Create so many tasks with a journal that cannot grow at three moments."""
    with sandbox() as here, tempfile.TemporaryDirectory() as folder:
        client = ScaleClient(KEY, api_instance_url=here.url, proxies={})
        client.create_project("survival", "imageannotation")
        runs = Runs(here, count, False, Path(folder) / "journal.jsonl")
        errors = [runs.stop_at(size) for size in (count * 20, count * 60, count * 60 + 333)]
        ended = runs.finish()
        made = Counter((task.metadata or {})["number"] for task in client.get_tasks("survival"))
    found = Counter(
        lost=sum(made[number] == 0 for number in range(count)),
        duplicates=sum(n - 1 for n in made.values()),
        unclear=sum("journal cannot be written" not in error for error in errors),
        unfinished=not ended,
    )
    print(f"a journal that cannot grow: {count} rows\n  {errors[-1]}")
    print(f"  lost {found['lost']}, duplicates {found['duplicates']}", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--create", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--file-size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.create:
        url, count, with_id, journal = options.create
        if options.file_size:
            resource.setrlimit(resource.RLIMIT_FSIZE, (options.file_size, options.file_size))
        return create(url, int(count), with_id == "1", journal)
    count = options.rows or (600 if options.short else 100_000)
    kills = options.kills or (5 if options.short else 30)
    broken = Counter[str]()
    for with_id in (True, False):
        broken += run(count, kills, with_id=with_id, seed=options.seed)
    broken += full_disk(min(count, 2000))
    return int(broken.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
