"""Attachments that cannot be loaded.

Like the real service, the sandbox accepts such a task and turns it into an error later. It checks
local URLs only: its own files and servers on loopback addresses.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from ..base.hosts import Hosts
from ..base.validation import is_http
from ..rules.attachments import BrokenAttachment
from .fetching import status_of

_SECONDS = 10.0
_LOOPBACK = Hosts()


def unreachable(urls: Iterable[str]) -> list[BrokenAttachment]:
    """Request attachments from local servers and return those without a 2xx response."""
    found: list[BrokenAttachment] = []
    statuses: dict[str, int] = {}
    end = time.monotonic() + _SECONDS
    for position, url in enumerate(urls):
        if not (is_http(url) and _LOOPBACK.has_host_of(url)) or time.monotonic() > end:
            continue
        if url not in statuses:
            statuses[url] = status_of(url)
        if not 200 <= statuses[url] < 300:
            found.append(BrokenAttachment(position, statuses[url], url))
    return found
