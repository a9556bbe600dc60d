"""CPU time for a page of 100 tasks with 20 boxes each (400 KB) over TLS.

With the extra ``speed`` and without it, beside raw urllib3 with either decoder.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import urllib3
from _contest import Turn, arguments, connect, contest, headers, show
from _servers import nginx

CALLS = 4
BOX = {
    "type": "box",
    "label": "parcel",
    "attributes": {"size": "small", "damaged": "no", "material": "cardboard"},
    "left": 1062,
    "top": 274,
    "width": 84,
    "height": 118,
}


def tasks() -> list[object]:
    boxes = [{**BOX, "uuid": f"{number:020x}", "left": 7 * number} for number in range(20)]
    return [
        {
            "task_id": f"65f0a1b2c3d4e5f6{number:08x}",
            "type": "imageannotation",
            "status": "completed",
            "created_at": "2026-01-05T10:00:00.000Z",
            "completed_at": "2026-01-05T11:00:00.000Z",
            "project": "parcels",
            "batch": "week_1",
            "unique_id": f"scan-A-{number}",
            "callback_url": "https://hooks.example.net/scale",
            "instruction": "Draw a box around each parcel on the belt.",
            "params": {
                "attachment": f"https://img.example.net/{number}.jpg",
                "attachment_type": "image",
                "geometries": {"box": {"objects_to_annotate": ["parcel"], "min_width": 5}},
            },
            "metadata": {"line": "A", "scan": number},
            "response": {"annotations": boxes},
            "tags": ["pilot"],
        }
        for number in range(100)
    ]


RAW_JSON = "raw urllib3, json"
RAW_ORJSON = "raw urllib3, orjson"
WITHOUT_ORJSON = "this, without orjson"


def raw(url: str, ca: str) -> Turn:
    return _raw(url, ca, json.loads)


def raw_orjson(url: str, ca: str) -> Turn:
    import orjson

    return _raw(url, ca, orjson.loads)


def _raw(url: str, ca: str, decode: Callable[[bytes], Any]) -> Turn:
    pool = urllib3.PoolManager(ca_certs=ca)
    fields = headers()

    def page() -> Any:
        # A function, as client.tasks() is: the body is given back with the page that it became.
        # Held until the next page has come, it would spare the allocator its work (about 5 %).
        response = pool.request("GET", f"{url}/tasks?project=parcels", headers=fields)
        assert response.status == 200
        return decode(response.data)

    def turn() -> None:
        for _ in range(CALLS):
            assert len(page()["docs"]) == 100

    return turn


def without_orjson(url: str, ca: str) -> Turn:
    sys.modules["orjson"] = None  # type: ignore[assignment]  # importing it fails from now on
    return client(url, ca)


def client(url: str, ca: str) -> Turn:
    scale = connect(url, ca)

    def turn() -> None:
        for _ in range(CALLS):
            assert len(scale.tasks(project="parcels").docs) == 100

    return turn


def main() -> None:
    options = arguments(
        {
            "raw": raw,
            "raw_orjson": raw_orjson,
            "without_orjson": without_orjson,
            "client": client,
        }
    )
    page = {"total": 100, "limit": 100, "offset": 0, "has_more": False, "docs": tasks()}
    body = json.dumps(page, separators=(",", ":")).encode()
    others = {RAW_JSON: "raw", RAW_ORJSON: "raw_orjson", WITHOUT_ORJSON: "without_orjson"}
    with nginx({"tasks": body}) as words:
        results = contest(3 if options.short else 100, *words, raw=others)
    print(f"(a page has {len(body) / 1000:.0f} KB)")
    show("A page of 100 tasks, client CPU", results, "cpu", "ms", 1e3 / CALLS)
    show("A page of 100 tasks, wall", results, "wall", "ms", 1e3 / CALLS)


if __name__ == "__main__":
    main()
