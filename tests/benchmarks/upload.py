"""Time and additional peak memory for uploading 75 MB over TLS.

Raw urllib3 does it twice: with ``fields=``, as its documentation shows, which holds the file in
memory, and with a file object as the body, which does not but makes no form of it. Peaks are
those of Linux (VmHWM), of new processes.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import urllib3
from _contest import Turn, arguments, connect, contest, headers, peak, resident, show
from _servers import nginx

RAW = {"fields=": "raw", "body=": "streamed"}
FULL, SHORT = 75_000_000, 5_000_000


def measured(upload: Turn) -> Turn:
    """Return a round that measures the peak memory above the start."""

    def turn() -> dict[str, float]:
        before = resident()
        upload()
        return {"over": peak() - before}

    return turn


def raw(url: str, ca: str, path: str) -> Turn:
    pool = urllib3.PoolManager(ca_certs=ca)

    def upload() -> None:
        fields = {"project_name": "parcels", "file": ("a.jpg", Path(path).read_bytes())}
        response = pool.request("POST", f"{url}/files/upload", fields=fields, headers=headers())
        assert response.status == 200
        json.loads(response.data)

    return measured(upload)


def streamed(url: str, ca: str, path: str) -> Turn:
    pool = urllib3.PoolManager(ca_certs=ca)
    fields = {**headers(), "Content-Length": str(Path(path).stat().st_size)}

    def upload() -> None:
        with Path(path).open("rb") as file:
            response = pool.request("POST", f"{url}/files/upload", body=file, headers=fields)
        assert response.status == 200
        json.loads(response.data)

    return measured(upload)


def client(url: str, ca: str, path: str) -> Turn:
    scale = connect(url, ca)

    def upload() -> None:
        with Path(path).open("rb") as file:
            assert scale.upload_file(file=file, project_name="parcels").id

    return measured(upload)


def main() -> None:
    options = arguments({"raw": raw, "streamed": streamed, "client": client})
    size, turns = (SHORT, 1) if options.short else (FULL, 15)
    with tempfile.NamedTemporaryFile() as file, nginx({}) as words:
        file.write(bytes(size))
        file.flush()
        first = contest(1, *words, file.name, raw=RAW, warm_up=False)
        results = contest(turns, *words, file.name, raw=RAW)
    show(f"{size / 1e6:.0f} MB, wall", results, "wall", "s")
    show("The same, client CPU", results, "cpu", "s")
    show("Peak of memory over the start", first, "over", "MB")


if __name__ == "__main__":
    main()
