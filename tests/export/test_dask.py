"""Dask runs an export, although one of its workers is killed in the middle."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import dataset

from scaleapi import ScaleClient, ScaleException
from scaleapi.sandbox import Sandbox
from tests.export.conftest import Connect, ids
from tests.export.task_list import TaskList, spread

if TYPE_CHECKING:
    from distributed import Client

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # of the cluster: of its ports, memory and event loop
]


@pytest.fixture
def cluster() -> Iterator[Client]:
    # Its import takes half a second, and most runs do not run these tests.
    from distributed import Client, LocalCluster

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


def test_rows_of_a_worker_that_is_killed(cluster: Client, tmp_path: Path) -> None:
    """Dask gives them to the other worker, which finds what was made."""
    rows = [{"attachment": f"https://img.example.net/{number}.jpg"} for number in range(1_500)]
    options: dict[str, Any] = {
        "defaults": {
            "project": "parcels",
            "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
        },
        "journal": tmp_path / "journal",
        "workers": 4,
    }
    victim = pids(cluster)[0]
    with Sandbox(transition="manual") as sandbox:
        client = ScaleClient(sandbox.live_key, api_instance_url=sandbox.url)
        client.create_project("parcels", "imageannotation")

        def kill() -> None:
            while client.get_tasks_count("parcels") < 200:
                time.sleep(0.01)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        executor = cluster.get_executor(pure=False)
        result = client.create_tasks("imageannotation", rows, executor=executor, **options)
        killer.join()
        assert victim not in pids(cluster)
        assert not result.failed
        assert len({task.id for task in result.tasks}) == 1_500
        assert client.get_tasks_count("parcels") == 1_500
        again = client.create_tasks("imageannotation", rows, **options)
        assert len(again.existing) == 1_500


def test_the_key_is_in_no_log(connect: Connect, cluster: Client, tmp_path: Path) -> None:
    """Workers log functions and arguments that failed, and the dashboard shows them."""
    service = TaskList(spread(10))
    client = connect(service).with_options(max_retries=0)

    def fail(number: int) -> None:
        service.tasks = []
        raise ValueError("broken")

    service.before_page = fail
    with pytest.raises(ScaleException):
        client.export_tasks("parcels", tmp_path, executor=cluster.get_executor(pure=False))
    logs = f"{cluster.get_worker_logs()}{cluster.get_scheduler_logs()}"
    assert "write_shard" in logs
    assert "live_key" not in logs
