"""Make every call with truststore. Arguments: URL, when to inject it."""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from typing import Any

import truststore

url, when = sys.argv[1:]


def main() -> dict[str, Any]:
    """Return the outcome of calls."""
    if when == "before the import":
        truststore.inject_into_ssl()
    from calls import KEY, outcome, outcomes

    from scaleapi import ScaleClient

    if when == "after the import":
        truststore.inject_into_ssl()
    client = ScaleClient(KEY, api_instance_url=url, deadline=20)
    if when == "after a client was made":
        truststore.inject_into_ssl()
    found = outcomes(client)
    hasty = client.with_options(deadline=0.4)
    begun = time.perf_counter()
    for stuck in ("hang", "drip"):
        raised = outcome(partial(hasty.get_batch, stuck))
        found[stuck] = str(raised).partition(":")[0]
    found["took"] = time.perf_counter() - begun
    return found


print(json.dumps(main()))
