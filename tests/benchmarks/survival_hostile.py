"""10,000 hostile responses, and bodies of a gigabyte: errors and memory of the client.

Hypothesis makes the responses: bodies, headers, statuses, encodings, framings. The client is a
process of its own, so that its memory is its own. ``--short`` makes 300 responses. The exit status
is 1 if a promise was broken.
"""

from __future__ import annotations

import gzip
import logging
import resource
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaleapi import ScaleClient, ScaleException
from scaleapi._http import policy

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.wire.hostile import ANSWERS, CALLS, play
from tests.wire.server import Exchange, Fault, Reply, Server, before

MB = 1_000_000
MAX_BODY = 64 * MB
MEMORY = 200 * MB
BODY = 1_000 * MB
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def flood(head: bytes, piece: bytes) -> Fault:
    """Send a gigabyte by repeating a piece, until the peer disconnects."""

    def fault(exchange: Exchange, reply: Reply) -> None:
        exchange.send(head)
        for _ in range(BODY // len(piece)):
            exchange.send(piece)
        exchange.close()

    return fault


def bomb(encoding: str) -> Fault:
    """Send a gigabyte of spaces in megabytes, or in kilobytes."""
    packer = zlib.compressobj(1, wbits=31 if "gzip" in encoding else 15)
    packed = b"".join(packer.compress(b" " * MB) for _ in range(BODY // MB)) + packer.flush()
    for _ in range(encoding.count(",")):
        packed = gzip.compress(packed)
    head = f"Content-Encoding: {encoding}\r\nContent-Length: {len(packed)}\r\n\r\n".encode()

    def fault(exchange: Exchange, reply: Reply) -> None:
        exchange.send(HEAD + head + packed)
        exchange.close()

    return fault


def giants() -> dict[str, Fault]:
    """Return a gigabyte in each of its forms."""
    piece, chunked = b" " * 65_536, b"Transfer-Encoding: chunked\r\n\r\n"
    announced = b"Content-Length: %d\r\n\r\n" % BODY
    return {
        "announced": flood(HEAD + announced, piece),
        "in chunks": flood(HEAD + chunked, b"10000\r\n" + piece + b"\r\n"),
        "until the end": flood(HEAD + b"\r\n", piece),
        "of an error": flood(HEAD.replace(b"200", b"400") + chunked, b"10000\r\n%s\r\n" % piece),
        "in gzip": bomb("gzip"),
        "in deflate": bomb("deflate"),
        "in gzip in gzip": bomb("gzip, gzip"),
        "as a header": flood(HEAD + b"X-Long: ", piece),
        "as a chunk extension": flood(HEAD + chunked + b"1;", piece),
    }


class Process:
    """A client in a separate process that makes calls on request.

    Args:
        url: The base URL of the service.
    """

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--client", url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, name: str) -> str:
        """Make a call; return the name of the error that it raised, or ``"success"``."""
        assert self._process.stdin
        assert self._process.stdout
        print(name, file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()

    def peak(self) -> int:
        """Return the peak memory in bytes."""
        return int(self.call("memory"))

    def end(self) -> None:
        """End the process."""
        self._process.communicate()


def be_client(url: str) -> None:
    """Make the calls named on standard input."""
    policy.BASE_WAIT = policy.BASE_WAIT_RATE_LIMITED = 0.0
    logging.getLogger("urllib3").disabled = True
    limits: dict[str, Any] = {"timeout": 2, "deadline": 20, "max_retries": 2, "max_body": MAX_BODY}
    client = ScaleClient("live_key", api_instance_url=url, proxies={}, verify=False, **limits)
    for line in sys.stdin:
        name = line.strip()
        if name == "memory":
            unit = 1 if sys.platform == "darwin" else 1024
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, flush=True)
            continue
        try:
            CALLS[name](client, url)
            print("success", flush=True)
        except ScaleException as error:
            print(type(error).__name__, flush=True)
        except BaseException as error:  # noqa: BLE001 - to be told, whatever it is
            print(f"NOT A SCALEEXCEPTION: {error!r}", flush=True)


def meet_small_ones(server: Server, client: Process, count: int) -> Counter[str]:
    """Send hostile responses to the client; return the errors of its calls."""
    met: Counter[str] = Counter()

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.sampled_from(sorted(CALLS)), ANSWERS)
    def meet(name: str, responses: Sequence[bytes]) -> None:
        server.default = play(responses)
        outcome = client.call(name)
        met[outcome] += 1
        assert not outcome.startswith("NOT OURS"), outcome

    try:
        meet()
    except AssertionError as error:
        print(error)
    return met


def main() -> int:
    if sys.argv[1:2] == ["--client"]:
        be_client(sys.argv[2])
        return 0
    count = 300 if "--short" in sys.argv else 10_000
    met: Counter[str] = Counter()
    with Server() as server:
        client = Process(server.url)
        start, begun = client.peak(), time.monotonic()
        met += meet_small_ones(server, client, count)
        print(f"{met.total()} hostile responses in {time.monotonic() - begun:.0f} s")
        print("  " + ", ".join(f"{name} {times}" for name, times in met.most_common()))
        print(f"  memory: {start / MB:.0f} MB at the start, {client.peak() / MB:.0f} MB at most")
        print(f"a gigabyte to a client with max_body={MAX_BODY // MB} MB")
        for how, fault in giants().items():
            server.default = before(fault)
            begun = time.monotonic()
            outcomes = {client.call(name) for name in ("get_task", "create_task")}
            taken = time.monotonic() - begun
            met.update(outcomes)
            print(f"  {how}: {', '.join(sorted(outcomes))} in {taken:.1f} s")
        peak = client.peak()
        print(f"  memory: {peak / MB:.0f} MB at most")
        client.end()
    strange = [name for name in met if name.startswith("NOT OURS")]
    return int(bool(strange) or peak > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
