"""The recipe for Ray in ``docs/scale_out.rst``: run by ``nox -s ray``."""

# pyright: reportMissingImports=false

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import Executor, Future
from typing import Any

import ray

from scaleapi import ScaleClient
from scaleapi.sandbox import Sandbox

TASKS = 500


def call(function: Any, /, *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


class RayExecutor(Executor):
    def __init__(self, **options: Any) -> None:
        self._call = ray.remote(**options)(call)

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = self._call.remote(fn, *args, **kwargs).future()
        return future


def main() -> None:
    ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1")
    executor = RayExecutor(max_retries=2)
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        client = ScaleClient(sandbox.live_key, api_instance_url=sandbox.url)
        client.create_project("parcels", "imageannotation")
        rows = [{"attachment": f"https://img.example.net/{n}.jpg"} for n in range(TASKS)]
        defaults = {
            "project": "parcels",
            "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
        }
        for count in (TASKS, 0):
            result = client.create_tasks(
                "imageannotation", rows, defaults=defaults, executor=executor
            )
            assert len(result.created) == count
            assert len(result.tasks) == TASKS
        export = client.export_tasks("parcels", folder, window=50, executor=executor)
        assert export.tasks == TASKS
        assert len(export.files) > 5
    ray.shutdown()
    print(f"{TASKS} tasks created and exported")


if __name__ == "__main__":
    sys.exit(main())
