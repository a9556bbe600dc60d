"""Dask runs an export, although one of its workers is killed in the middle."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster
from pyarrow import dataset

from tests.export.conftest import Connect, ids
from tests.export.task_list import TaskList, spread

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # of the cluster: of its ports, memory and event loop
]


@pytest.fixture
def cluster() -> Iterator[Client]:
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as local,
        Client(local) as client,
    ):
        yield client


def pids(cluster: Any) -> list[int]:
    """Return the process ids of the workers."""
    return list(cluster.run(os.getpid).values())


def test_a_worker_that_is_killed(connect: Connect, cluster: Client, tmp_path: Path) -> None:
    service = TaskList(spread(2_000))
    half_way = threading.Event()

    def page(number: int) -> None:
        if service.pages > 40:
            half_way.set()

    service.before_page = page
    victim = next(iter(pids(cluster)))

    def kill() -> None:
        half_way.wait(60)
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    export = connect(service).export_tasks(
        "parcels",
        tmp_path,
        format="parquet",
        window=40,
        limit=20,
        executor=cluster.get_executor(pure=False),
    )
    killer.join()
    assert victim not in pids(cluster)
    found = dataset.dataset(tmp_path).to_table(columns=["task_id"]).to_pylist()
    assert ids(found) == ids(service.tasks)
    assert export.tasks == 2_000
    # One window was read again, at most two pages of it.
    assert service.pages < 2 * len(export.files) + 10
