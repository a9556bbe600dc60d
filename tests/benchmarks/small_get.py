"""CPU time and elapsed time of a small GET on a kept TLS connection.

Every call fetches the same task of about 500 bytes from nginx.
"""

from __future__ import annotations

import json

import urllib3
from _contest import Turn, arguments, connect, contest, headers, show
from _servers import nginx

CALLS = 50
TASK = {
    "task_id": "65f0a1b2c3d4e5f60718293a",
    "type": "imageannotation",
    "status": "pending",
    "created_at": "2026-01-05T10:00:00.000Z",
    "project": "parcels",
    "batch": "week_1",
    "unique_id": "scan-A-17",
    "instruction": "Draw a box around each parcel.",
    "params": {
        "attachment": "https://img.example.net/a17.jpg",
        "attachment_type": "image",
        "geometries": {"box": {"objects_to_annotate": ["parcel"], "min_width": 5}},
    },
    "metadata": {"line": "A", "shift": 2},
    "tags": ["pilot"],
    "is_test": False,
}
PATH = f"task/{TASK['task_id']}"


def raw(url: str, ca: str) -> Turn:
    pool = urllib3.PoolManager(ca_certs=ca)
    fields = headers()

    def turn() -> None:
        for _ in range(CALLS):
            response = pool.request("GET", f"{url}/{PATH}", headers=fields)
            assert response.status == 200
            json.loads(response.data)

    return turn


def client(url: str, ca: str) -> Turn:
    scale = connect(url, ca)
    task_id = str(TASK["task_id"])

    def turn() -> None:
        for _ in range(CALLS):
            scale.get_task(task_id)

    return turn


def main() -> None:
    options = arguments({"raw": raw, "client": client})
    with nginx({PATH: json.dumps(TASK).encode()}) as words:
        results = contest(5 if options.short else 100, *words)
    scale = 1e6 / CALLS
    show("One small GET, client CPU", results, "cpu", "us", scale)
    show("One small GET, wall", results, "wall", "us", scale)


if __name__ == "__main__":
    main()
