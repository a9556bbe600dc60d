"""How an export gets faster with threads, processes and the workers of a Dask cluster.

Threads against a service that takes 50 ms per page, where waiting is what costs. Processes and
Dask against one that takes no time, where decoding and conversion to Parquet are what costs: of
tasks with 20 boxes. Each figure is the best of three runs, after one that does not count.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from scaleapi import ScaleClient

SHORT = "--short" in sys.argv
PAGES = 24 if SHORT else 240
RUNS = 1 if SHORT else 3
LATENCY = 0.05


@contextmanager
def service(boxes: int, seconds: float) -> Generator[ScaleClient]:
    """Start a service in a process of its own, and yield a client of it."""
    program = Path(__file__).with_name("_task_service.py")
    command = [sys.executable, str(program), str(PAGES * 100), str(boxes), str(seconds)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        url = f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        yield ScaleClient("live_key", api_instance_url=url)
        process.communicate("")


def seconds_of(client: ScaleClient, format: str, **how: object) -> float:
    """Return how long an export takes, at best."""
    taken = []
    for _ in range(RUNS + 1):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            export = client.export_tasks(
                "parcels",
                folder,
                format=format,
                window=PAGES * 100 // 24,
                **how,  # type: ignore[arg-type]
            )
            taken.append(time.perf_counter() - began)
            assert export.tasks == PAGES * 100
    return min(taken[1:])


def show(title: str, one: float, many: float) -> None:
    """Print two times and their ratio."""
    rates = [PAGES * 100 / seconds for seconds in (one, many)]
    print(
        f"{title:44}{one:7.2f} s{many:7.2f} s{one / many:6.2f} x"
        f"{rates[0]:9.0f} and {rates[1]:.0f} tasks/s",
        flush=True,
    )


def threads(client: ScaleClient) -> None:
    for kind in ("jsonl", "parquet"):
        one, eight = (seconds_of(client, kind, workers=count) for count in (1, 8))
        show(f"8 threads beside 1, {LATENCY * 1000:.0f} ms per page, {kind}", one, eight)


def processes(client: ScaleClient) -> None:
    def with_pool(count: int) -> float:
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as executor:
            return seconds_of(client, "parquet", executor=executor)

    show("2 processes beside 1, conversion to Parquet", with_pool(1), with_pool(2))


def dask(client: ScaleClient) -> None:
    from distributed import Client, LocalCluster

    def with_cluster(count: int) -> float:
        cluster = LocalCluster(
            n_workers=count, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        )
        with cluster, Client(cluster) as dask_client:
            executor: Executor = dask_client.get_executor(pure=False)
            return seconds_of(client, "parquet", executor=executor)

    show("2 Dask workers beside 1, the same", with_cluster(1), with_cluster(2))


def main() -> None:
    parts: list[tuple[int, float, list[Callable[[ScaleClient], None]]]] = [
        (1, LATENCY, [threads]),
        (20, 0.0, [processes, dask]),
    ]
    for boxes, latency, measures in parts:
        with service(boxes, latency) as client:
            for measure in measures:
                measure(client)


if __name__ == "__main__":
    main()
