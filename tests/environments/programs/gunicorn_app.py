"""A WSGI application whose handlers call the API; run by gunicorn, which patches with gevent."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

from calls import CALLS, KEY, outcome

from scaleapi import ScaleClient

#: Made when the application is loaded: with --preload in the parent of the workers.
client = ScaleClient(
    KEY,
    api_instance_url=os.environ["SERVICE"],
    verify=os.environ["BUNDLE"] or False,
    deadline=20,
)


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Make the call named by the path."""
    name = environ["PATH_INFO"].strip("/")
    if name == "slow":
        result = outcome(lambda: client.get_batch("slow").name)
    else:
        result = outcome(lambda: CALLS[name](client))
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(result).encode()]
