"""Memory of the process (RSS) while it iterates over a million tasks. Linux only.

The service fabricates the pages: always the same tasks, under cursors that count up.
"""

from __future__ import annotations

from _contest import Turn, arguments, connect, contest, resident, show
from _servers import delayed_service

PAGE_SIZE = 100
EARLY = 10_000


def client(url: str, ca: str) -> Turn:
    scale = connect(url, ca)

    def turn() -> dict[str, float]:
        early, most, number = 0.0, 0.0, 0
        for number, _ in enumerate(scale.get_tasks(project_name="parcels"), 1):
            if number == EARLY:
                early = most = resident()
            elif number % EARLY == 0:
                most = max(most, resident())
        return {"early": early, "growth": most - early, "tasks": number}

    return turn


def main() -> None:
    options = arguments({"client": client})
    with delayed_service(0.0, (20_000 if options.short else 1_000_000) // PAGE_SIZE) as words:
        results = contest(1, *words, raw={}, warm_up=False)
    show("Tasks", results, "tasks", "")
    show(f"Memory at task {EARLY}", results, "early", "MB")
    show("What it grew by until the end, at most", results, "growth", "MB")
    show("Wall", results, "wall", "s")


if __name__ == "__main__":
    main()
