"""Tasks per second created by 64 threads on a service with 50 ms latency."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import urllib3
from _contest import Turn, arguments, connect, contest, headers, show
from _servers import delayed_service

THREADS = 64
SECONDS = 0.05
PARAMETERS = {
    "project": "parcels",
    "attachment": "https://img.example.net/a17.jpg",
    "geometries": {"box": {"objects_to_annotate": ["parcel"], "min_width": 5}},
}


def in_threads(create: Callable[[str], object], each: str) -> Turn:
    """Return a round in which each thread creates a number of tasks."""

    def some(thread: int) -> None:
        for number in range(int(each)):
            create(f"scan-{thread}-{number}")

    # The threads are kept, so that what they start with is not measured.
    pool = ThreadPoolExecutor(THREADS)

    def turn() -> dict[str, float]:
        started = time.perf_counter()
        list(pool.map(some, range(THREADS)))
        return {"rate": THREADS * int(each) / (time.perf_counter() - started)}

    return turn


def raw(url: str, ca: str, each: str) -> Turn:
    pool = urllib3.PoolManager(ca_certs=ca, maxsize=THREADS)
    fields = {**headers(), "Content-Type": "application/json"}

    def create(unique_id: str) -> object:
        body = json.dumps({**PARAMETERS, "unique_id": unique_id})
        where = f"{url}/task/imageannotation"
        response = pool.request("POST", where, body=body, headers=fields)
        assert response.status == 200
        return json.loads(response.data)

    return in_threads(create, each)


def client(url: str, ca: str, each: str) -> Turn:
    from scaleapi.tasks import TaskType

    scale = connect(url, ca)

    def create(unique_id: str) -> object:
        return scale.create_task(TaskType.ImageAnnotation, **PARAMETERS, unique_id=unique_id)

    return in_threads(create, each)


def main() -> None:
    options = arguments({"raw": raw, "client": client})
    each, turns = (2, 1) if options.short else (10, 7)
    with delayed_service(SECONDS) as words:
        results = contest(turns, *words, str(each))
    print(f"(with no work at all on either side it would be {THREADS / SECONDS:.0f} per second)")
    show(f"Creating tasks from {THREADS} threads, per second", results, "rate", "/s")
    show("The same, client CPU per task", results, "cpu", "us", 1e6 / (THREADS * each))


if __name__ == "__main__":
    main()
