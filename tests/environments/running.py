"""Run the programs of the folder ``programs`` in separate processes.

They change what the interpreter consists of (sockets, clocks, threads, TLS), most of them before
``scaleapi`` is imported, so they cannot run in the process of the tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROGRAMS = Path(__file__).with_name("programs")


def start(
    program: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start a program. The caller has to end it.

    Args:
        program: The name of its file, without ``.py``.
        *arguments: Its command line.
        environment: Variables that it gets in addition.
    """
    return subprocess.Popen(
        [sys.executable, "-X", "faulthandler", str(PROGRAMS / f"{program}.py"), *arguments],
        env={**os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], seconds: float) -> str:
    """Wait for a program and return its output.

    Raises:
        AssertionError: It failed or did not end in time; the text is all that it printed.
    """
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"still running after {seconds} s\n{out}\n{err}") from None
    finally:
        process.kill()
    assert process.returncode == 0, f"exit code {process.returncode}\n{out}\n{err}"
    return out


def run(
    program: str,
    *arguments: str,
    seconds: float = 30.0,
    environment: Mapping[str, str] | None = None,
) -> Any:
    """Run a program and return the JSON document that it printed.

    Raises:
        AssertionError: It failed or did not end in time.
    """
    out = finish(start(program, *arguments, environment=environment), seconds)
    return json.loads(out)
