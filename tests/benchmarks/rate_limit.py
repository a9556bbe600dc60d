"""32 threads on a sandbox with a rate limit: failed calls, and requests per call.

It accepts 20 requests per second and throttles the others with 429 and ``Retry-After: 1``. With
default options at most five of 256 calls may fail, with ``max_retries=10`` none. The exit status
is 1 if a promise was broken. ``--short`` makes 96 calls.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from scaleapi import ScaleClient

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.wire.rate_limit import Outcome, limited_sandbox, run

PER_SECOND, THREADS = 20, 32

#: The options of the client, and how many calls may fail with them.
PROMISES: list[tuple[dict[str, Any], int]] = [({}, 5), ({"max_retries": 10}, 0)]

#: Requests that the calls of one client may make on average.
REQUESTS_PER_CALL = 4.0


def measure(options: dict[str, Any], calls: int) -> Outcome:
    """Make all calls with one client."""
    with (
        limited_sandbox(PER_SECOND, projects=calls) as (sandbox, log),
        ScaleClient(
            sandbox.live_key, api_instance_url=sandbox.url, proxies={}, **options
        ) as client,
    ):
        return run(lambda: log.paths, THREADS, calls, client.get_project)


def main() -> int:
    calls, broken = 96 if "--short" in sys.argv else 256, 0
    print(f"{PER_SECOND} requests per second for {THREADS} threads")
    for options, failures in PROMISES:
        outcome = measure(options, calls)
        print(f"  {options or 'default options'}: {outcome}")
        broken += outcome.failed.total() > failures
        broken += outcome.requests > REQUESTS_PER_CALL * calls
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
