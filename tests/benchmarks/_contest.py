"""Run the same work alternately with this package, the released one and urllib3.

Each contender is a process of its own that waits for its turn, so that none has the caches, the
threads or the garbage of another, and a busy moment of the machine meets all of them. The
program of a measurement is started again as each of these processes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

OURS, RELEASED = "this package", "scaleapi 2.18.4"
RAW = {"plain urllib3": "raw"}
KEY = "live_0123456789abcdef"

#: One turn of the work. What it returns is added to the figures of the turn.
Turn = Callable[[], Mapping[str, float] | None]

#: Make the turn, from the words that follow ``--work`` on the command line.
Prepare = Callable[..., Turn]

#: What each contender measured, by its name and the name of the figure, turn by turn.
Results = dict[str, dict[str, list[float]]]


def arguments(workloads: Mapping[str, Prepare]) -> argparse.Namespace:
    """Parse the command line; in a worker process, do the work and exit.

    Args:
        workloads: ``raw`` and ``client``, the latter for both packages.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true", help="a few seconds, to see that it runs")
    parser.add_argument("--work", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        name, *words = options.work
        _take_turns(workloads[name](*words))
        sys.exit()
    return options


def _take_turns(turn: Turn) -> None:
    for _ in sys.stdin:
        cpu, wall = time.process_time(), time.perf_counter()
        more = turn() or {}
        took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        print(json.dumps({**took, **more}), flush=True)


def _contenders(raw: Mapping[str, str], released: bool) -> dict[str, tuple[str, str]]:
    """Return the interpreter and the workload of each contender."""
    found = {name: (sys.executable, workload) for name, workload in raw.items()}
    found[OURS] = (sys.executable, "client")
    if released and (python := os.environ.get("PEER_PYTHON")):
        found[RELEASED] = (python, "client")
    return found


def contest(
    turns: int,
    *words: str,
    raw: Mapping[str, str] = RAW,
    released: bool = True,
    warm_up: bool = True,
) -> Results:
    """Run the work of each contender alternately.

    Args:
        turns: How many turns of each count.
        *words: What the workloads are prepared from.
        raw: The workloads that use no package, by the names of their contenders.
        released: Whether the released package can do the work.
        warm_up: Whether each has a turn before that does not count.
    """
    results: Results = {}
    with ExitStack() as stack:
        ready = {
            name: stack.enter_context(contender(*how, *words))
            for name, how in _contenders(raw, released).items()
        }
        for number in range(-warm_up, turns):
            for name, take_turn in ready.items():
                took = take_turn()
                for figure, value in took.items() if number >= 0 else ():
                    results.setdefault(name, {}).setdefault(figure, []).append(value)
    return results


@contextmanager
def contender(python: str, workload: str, *words: str) -> Generator[Callable[[], dict[str, float]]]:
    """Start a contender; yield a function that runs one round and returns the figures."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [python, sys.argv[0], "--work", workload, *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:

        def take_turn() -> dict[str, float]:
            assert process.stdin
            assert process.stdout
            process.stdin.write("\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                raise SystemExit(f"{python} {workload}: ended before its turn")
            figures: dict[str, float] = json.loads(line)
            return figures

        yield take_turn


def show(title: str, results: Results, figure: str, unit: str, scale: float = 1.0) -> None:
    """Print the median of a figure for each contender, and its ratios to the others."""
    print(title)
    medians = {name: statistics.median(took[figure]) for name, took in results.items()}
    for name, median in medians.items():
        others = {other: of for other, of in medians.items() if other != name and of}
        ratios = "".join(f"{median / of:8.2f} x {other}" for other, of in others.items())
        print(f"  {name:16}{median * scale:10.2f} {unit:4}{ratios}")


def connect(url: str, ca: str) -> Any:
    """Create a client of the package in this interpreter."""
    from scaleapi import ScaleClient

    # The released package does not verify with what it is given as ``verify``.
    os.environ["REQUESTS_CA_BUNDLE"] = ca
    return ScaleClient(KEY, api_instance_url=url)


def resident() -> float:
    """Return the memory of this process in MB."""
    return _memory("VmRSS")


def peak() -> float:
    """Return the peak memory of this process in MB."""
    return _memory("VmHWM")


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024 / 1e6


def headers() -> dict[str, Any]:
    """Return the headers that this package sends, for plain urllib3 to send too."""
    return {
        "User-Agent": "scaleapi/3.0.0 Python/3.11.0 OS/Linux-6.1.0-x86_64-with-glibc2.36",
        "Accept": "*/*",
        "Accept-Encoding": "gzip, deflate",
        "Authorization": "Basic bGl2ZV8wMTIzNDU2Nzg5YWJjZGVmOg==",
    }
