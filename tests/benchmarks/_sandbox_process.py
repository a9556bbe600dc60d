"""A sandbox in a separate process, with configurable faults."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import urllib3

KEY = "live_sandbox_key"


class SandboxProcess:
    """A running sandbox.

    Args:
        url: The base URL of its API.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._faults = f"{urlsplit(url)._replace(path='').geturl()}/_sandbox/faults"
        self._pool = urllib3.PoolManager()

    def set_faults(self, rules: Sequence[str]) -> None:
        """Replace the fault rules."""
        self._pool.request("DELETE", self._faults, json={})
        for rule in rules:
            response = self._pool.request("POST", self._faults, json={"rule": rule})
            assert response.status == 200, response.data

    def faults(self) -> list[dict[str, Any]]:
        """Return the rules with the number of matched and affected requests."""
        rules: list[dict[str, Any]] = self._pool.request("GET", self._faults).json()
        return rules


@contextmanager
def sandbox() -> Generator[SandboxProcess]:
    """Run a sandbox while the block runs."""
    command = [sys.executable, "-m", "scaleapi.sandbox", "--quiet", "--transition", "manual"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        url = next(line for line in process.stdout if " at http" in line).split()[-1]
        yield SandboxProcess(url)
    finally:
        process.terminate()
        process.communicate()
