"""Check that every call to a slow service succeeds with default options.

A page of tasks that takes 75 s; a page after two 504, which a gateway sent after 60 s each; an
upload of 70 MiB over a line that carries 0.5 MiB per second. All side by side, so it takes as
long as the longest. The exit status is 1 if a call failed. ``--short`` divides every duration,
and the options of the client with it, by thirty.
"""

from __future__ import annotations

import inspect
import io
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from scaleapi import ScaleClient, ScaleException

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.wire.server import Server, after, before, delay, respond
from tests.wire.service import ordinary

MEBIBYTE = 1024 * 1024

SIZE, RATE = 70 * MEBIBYTE, 0.5 * MEBIBYTE


def scenes(factor: float) -> dict[str, tuple[Server, Callable[[ScaleClient], Any]]]:
    """Return a server and a call for it, for each scenario."""
    page = Server(ordinary)
    page.script(after(delay(75 / factor)))
    gateway = Server(ordinary)
    gateway.script(*[before(delay(60 / factor, respond(status=504)))] * 2)
    line = Server(ordinary, rate=RATE * factor)
    return {
        "a page after 75 s": (page, lambda client: client.tasks(project="p")),
        "a page after two 504 of 60 s": (gateway, lambda client: client.tasks(project="p")),
        "70 MiB at 0.5 MiB/s": (
            line,
            lambda client: client.upload_file(io.BytesIO(bytes(SIZE)), filename="a.bin"),
        ),
    }


def shortened(factor: float) -> dict[str, Any]:
    """Return the default options of a client, divided by a factor."""
    parameters = inspect.signature(ScaleClient).parameters
    connect, read = parameters["timeout"].default
    deadline = parameters["deadline"].default
    return {"timeout": (connect / factor, read / factor), "deadline": deadline / factor}


def attempt(server: Server, call: Callable[[ScaleClient], Any], options: dict[str, Any]) -> str:
    """Make a call; return how it ended, ``"succeeded"`` or the error."""
    with ScaleClient("live_key", api_instance_url=server.url, proxies={}, **options) as client:
        try:
            call(client)
        except ScaleException as error:
            return f"{type(error).__name__}: {error}"
        return "succeeded"


def main() -> int:
    factor = 30.0 if "--short" in sys.argv else 1.0
    options = shortened(factor) if factor > 1 else {}
    print(f"options of the client: {options or 'the defaults'}; durations divided by {factor:.0f}")
    with ExitStack() as stack:
        played = scenes(factor)
        for server, _ in played.values():
            stack.enter_context(server)
        begun = time.monotonic()

        def play(name: str) -> bool:
            server, call = played[name]
            ended = attempt(server, call, options)
            took = time.monotonic() - begun
            print(f"  {name}: {ended} in {took:.1f} s, {len(server.requests)} requests", flush=True)
            return ended == "succeeded"

        with ThreadPoolExecutor(len(played)) as pool:
            succeeded = list(pool.map(play, played))
    return int(not all(succeeded))


if __name__ == "__main__":
    sys.exit(main())
