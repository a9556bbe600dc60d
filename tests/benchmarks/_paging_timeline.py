"""Draw the timelines of waiting and work of each client, for docs/performance.rst.

    PEER_PYTHON=... python tests/benchmarks/_paging_timeline.py docs/pictures/paging.svg

It needs matplotlib, and the released package in the environment of PEER_PYTHON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

PAGES, PAGE_SIZE, SECONDS = 8, 100, 0.05

#: When something began and how long it took, in seconds.
Span = tuple[float, float]


def measure(url: str, ca: str) -> None:
    """Read the pages with this interpreter's package; print the times of calls and work."""
    import requests
    from _contest import connect

    calls: list[Span] = []
    work: list[Span] = []
    send: Callable[..., requests.Response] = requests.Session.send

    def timed_send(*args: Any, **kwargs: Any) -> requests.Response:
        began = time.perf_counter()
        try:
            return send(*args, **kwargs)
        finally:
            calls.append((began, time.perf_counter() - began))

    scale = connect(url, ca)
    list(scale.get_tasks(project_name="parcels", limit=1))  # connects
    requests.Session.send = timed_send
    start = time.perf_counter()
    for number, _ in enumerate(scale.get_tasks(project_name="parcels"), 1):
        if number % PAGE_SIZE == 0:
            began = time.perf_counter()
            time.sleep(SECONDS)
            work.append((began, time.perf_counter() - began))
    spans = [[(began - start, took) for began, took in spans] for spans in (calls, work)]
    print(json.dumps(spans))


def draw(path: str, measured: dict[str, list[list[Span]]]) -> None:
    """Draw a row of calls and a row of work for each client."""
    # Not in the dev extra: only who draws anew needs it.
    import matplotlib as mpl  # pyright: ignore[reportMissingImports]

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "paging", "font.size": 9, "svg.fonttype": "none"})
    from matplotlib import pyplot as plt  # pyright: ignore[reportMissingImports]

    figure, axes = plt.subplots(figsize=(7.2, 1.9))
    labels = []
    for row, (name, spans) in enumerate(measured.items()):
        for line, (what, colour) in enumerate((("waits", "#0072b2"), ("works", "#e69f00"))):
            y = -2.6 * row - line
            axes.broken_barh(spans[line], (y - 0.4, 0.8), facecolors=colour, edgecolor="white")
            labels.append((y, f"{name} {what}"))
    axes.set_yticks([y for y, _ in labels], [label for _, label in labels])
    axes.set_xlabel(f"seconds, {PAGES} pages of {PAGE_SIZE} tasks")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None}, facecolor="white")


def main() -> None:
    from _servers import delayed_service

    pythons = {"2.18.4": os.environ["PEER_PYTHON"], "3.0.0": sys.executable}
    with delayed_service(SECONDS, PAGES) as words:
        measured = {
            name: json.loads(subprocess.check_output([python, __file__, "--measure", *words]))
            for name, python in pythons.items()
        }
    draw(sys.argv[1], measured)


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(*sys.argv[2:])
    else:
        main()
