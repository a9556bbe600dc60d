"""Creating tasks in bulk on a sandbox that takes 50 requests per second, with 32 workers.

At least 90 % of the limit must be used, at most 5 % of the requests be throttled, and no row
fail: without a rate, and with one of twice the limit. The exit status is 1 if a promise was
broken. ``--short`` creates 300 tasks instead of 3,000, and looks only at the last promise.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from scaleapi import ScaleClient

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.wire.rate_limit import limited_sandbox

PER_SECOND, WORKERS = 50, 32
GEOMETRIES = {"box": {"objects_to_annotate": ["parcel"]}}


def measure(count: int, rate: float | None) -> bool:
    """Create so many tasks, print how it went, and return whether all promises were kept."""
    with (
        limited_sandbox(PER_SECOND) as (sandbox, log),
        ScaleClient(sandbox.live_key, api_instance_url=sandbox.url, proxies={}) as client,
    ):
        begun = time.monotonic()
        result = client.create_tasks(
            "imageannotation",
            (
                {"attachment": f"https://example.com/{number}.jpg", "geometries": GEOMETRIES}
                for number in range(count)
            ),
            workers=WORKERS,
            rate=rate,
            progress=False,
        )
        seconds = time.monotonic() - begun
    used = log.statuses[200] / seconds / PER_SECOND
    throttled = log.statuses[429] / log.statuses.total()
    print(
        f"  rate={rate}: {count} rows in {seconds:.1f} s: {used:.1%} of the limit used,"
        f" {throttled:.1%} of the requests throttled, {len(result.failed)} failed",
        flush=True,
    )
    return not result.failed and (count < 1000 or (used >= 0.9 and throttled <= 0.05))


def main() -> int:
    count = 300 if "--short" in sys.argv else 3000
    print(f"{PER_SECOND} requests per second for {WORKERS} workers")
    return int(not all([measure(count, None), measure(count, 2.0 * PER_SECOND)]))


if __name__ == "__main__":
    sys.exit(main())
