"""Attachments that cannot be loaded.

The service finds out after it has accepted a task, and turns the task into an error. The sandbox
looks at URLs of this machine only: at its own files, and at servers on loopback addresses.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from ..base.validation import is_http
from ..rules.attachments import BrokenAttachment
from .fetching import is_loopback_url, status_of

_SECONDS = 10.0


def unreachable(urls: Iterable[str]) -> list[BrokenAttachment]:
    """Ask servers on this machine for attachments, and return those that do not answer 2xx."""
    found: list[BrokenAttachment] = []
    statuses: dict[str, int] = {}
    end = time.monotonic() + _SECONDS
    for position, url in enumerate(urls):
        if not (is_http(url) and is_loopback_url(url)) or time.monotonic() > end:
            continue
        if url not in statuses:
            statuses[url] = status_of(url)
        if not 200 <= statuses[url] < 300:
            found.append(BrokenAttachment(position, statuses[url], url))
    return found
