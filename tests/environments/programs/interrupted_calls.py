"""Make a call at each line of a call, as a signal handler or a finalizer does.

Usage: interrupted_calls.py URL BUNDLE
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import scaleapi
from scaleapi import ScaleClient

ROOM = str(Path(scaleapi.__file__).parent / "_http")

client = ScaleClient("live_key", api_instance_url=sys.argv[1], verify=sys.argv[2] or None)
seen: set[tuple[str, int]] = set()


def trace(frame: FrameType, event: str, argument: object) -> Any:
    """Trace the functions of the room."""
    return interrupt if frame.f_code.co_filename.startswith(ROOM) else None


def interrupt(frame: FrameType, event: str, argument: object) -> Any:
    """Make a call before a line is executed for the first time."""
    line = frame.f_code.co_filename, frame.f_lineno
    if event == "line" and line not in seen:
        seen.add(line)
        sys.settrace(None)
        client.get_task("t1")
        sys.settrace(trace)
    return interrupt


sys.settrace(trace)
for _ in range(5):  # the later ones are on kept connections
    client.get_task("t1")
sys.settrace(None)
files = {Path(name).name for name, _ in seen}
assert {"adapter.py", "call.py", "connection.py", "policy.py", "session.py"} <= files, files
print(len(seen))
