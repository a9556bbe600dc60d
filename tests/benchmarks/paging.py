"""Time to read 100 pages with 50 ms latency, working 50 ms on each."""

from __future__ import annotations

import time

from _contest import Turn, arguments, connect, contest, show
from _servers import delayed_service

PAGE_SIZE = 100
SECONDS = 0.05  # of the service and of the consumer, per page


def client(url: str, ca: str) -> Turn:
    scale = connect(url, ca)

    def turn() -> None:
        for number, _ in enumerate(scale.get_tasks(project_name="parcels"), 1):
            if number % PAGE_SIZE == 0:
                time.sleep(SECONDS)

    return turn


def main() -> None:
    options = arguments({"client": client})
    pages, turns = (5, 1) if options.short else (100, 3)
    with delayed_service(SECONDS, pages) as words:
        results = contest(turns, *words, raw={}, warm_up=False)
    show(f"{pages} pages, wall", results, "wall", "s")


if __name__ == "__main__":
    main()
