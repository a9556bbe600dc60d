"""Raise an error at each line of a call, as a signal handler does.

Usage: interrupted_lines.py URL BUNDLE

Prints how many places were interrupted, and what was found afterwards: errors in finalizers,
sockets that were not closed, and calls that returned something else.
"""

from __future__ import annotations

import gc
import json
import sys
import warnings
from pathlib import Path
from types import FrameType
from typing import Any

import scaleapi
from scaleapi import ScaleClient

ROOM = Path(scaleapi.__file__).parent / "_http"
FILES = {str(ROOM / name) for name in ("connection.py", "reader.py", "bounded_socket.py")}


class Limit(BaseException):
    """What the handler raises."""


client = ScaleClient("live_key", api_instance_url=sys.argv[1], verify=sys.argv[2] or None)
seen: set[tuple[str, int, str]] = set()
found: list[str] = []


def trace(frame: FrameType, event: str, argument: object) -> Any:
    """Trace the functions of the files."""
    code = frame.f_code
    # When is_connected begins, the connection has left the pool, which is urllib3's.
    if code.co_filename not in FILES or code.co_name == "is_connected":
        return None
    return interrupt(frame, event, argument)


def interrupt(frame: FrameType, event: str, argument: object) -> Any:
    """Raise an error at a place that has not been interrupted yet."""
    place = Path(frame.f_code.co_filename).name, frame.f_lineno, event
    if event in {"call", "line"} and place not in seen:
        seen.add(place)
        raise Limit(place)
    return interrupt


def note(unraisable: Any) -> None:
    """Note an error that nobody can catch."""
    found.append(f"after {last}: {unraisable.exc_value!r} in {unraisable.object!r}")


last: object = None
sys.unraisablehook = note
warnings.simplefilter("error", ResourceWarning)
gc.disable()
for _ in range(1000):
    before = len(seen)
    sys.settrace(trace)
    try:
        client.get_task("t1")
        sys.settrace(None)
    except Limit as limit:
        sys.settrace(None)
        last = limit.args[0]
        limit.__traceback__ = limit.__context__ = None
    gc.collect()
    if (name := client.get_project("p").name) != "parcels":
        found.append(f"{last}: {name}")
    if len(seen) == before:
        break
print(json.dumps({"interrupted": len(seen), "found": found}))
