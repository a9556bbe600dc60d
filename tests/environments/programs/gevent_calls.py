"""Make every call with gevent. Arguments: URL, CA bundle (or ""), when to patch."""

from __future__ import annotations

import json
import sys
import time
import warnings
from typing import Any

from gevent import monkey

url, bundle, when = sys.argv[1:]
warnings.filterwarnings("ignore", category=monkey.MonkeyPatchWarning)


def patch(now: str) -> None:
    """Patch if this is the right moment."""
    moment, _, without = when.partition(", without ")
    if now == moment:
        monkey.patch_all(thread=without != "threads")


def main() -> dict[str, Any]:
    """Return the outcomes of all calls."""
    patch("before the import")
    from calls import KEY, outcome, outcomes

    import scaleapi

    patch("after the import of the package")
    from scaleapi import ScaleClient

    patch("after the import of the client")
    client = ScaleClient(KEY, api_instance_url=url, verify=bundle or False, deadline=20)
    patch("after a client was made")
    if when == "after a call":
        client.get_project("p")
        patch(when)
    import gevent

    found = outcomes(client)

    begun = time.perf_counter()
    calls = [gevent.spawn(outcome, lambda: client.get_batch("slow").name) for _ in range(20)]
    gevent.joinall(calls)
    found["side by side"] = sorted({str(call.value) for call in calls})
    found["side by side took"] = time.perf_counter() - begun

    ticks = 0

    def tick() -> None:
        nonlocal ticks
        while True:
            gevent.sleep(0.05)
            ticks += 1

    ticking = gevent.spawn(tick)
    begun = time.perf_counter()
    hanging = client.with_options(deadline=0.4)
    found["hang"] = str(outcome(lambda: hanging.get_batch("hang"))).partition(":")[0]
    found["hang took"] = time.perf_counter() - begun
    begun = time.perf_counter()
    found["drip"] = str(outcome(lambda: hanging.get_batch("drip"))).partition(":")[0]
    found["drip took"] = time.perf_counter() - begun
    found["ticks"] = ticks
    ticking.kill()
    assert scaleapi.__version__
    client.close()
    return found


print(json.dumps(main()))
