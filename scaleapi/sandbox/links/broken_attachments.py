"""Attachments that cannot be loaded.

Like the real service, the sandbox accepts such a task and turns it into an error later. It checks
local URLs only: its own files and servers on loopback addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..base.hosts import Hosts
from ..base.validation import is_http
from ..rules.attachments import BrokenAttachment

_LOOPBACK = Hosts()


def probed(urls: Iterable[str]) -> list[str]:
    """Return the attachments that must be probed, each once."""
    return list(dict.fromkeys(url for url in urls if is_http(url) and _LOOPBACK.has_host_of(url)))


def broken(urls: Iterable[str], statuses: Mapping[str, int]) -> list[BrokenAttachment]:
    """Return the attachments without a 2xx response.

    Args:
        urls: All attachments of a task.
        statuses: The status of those that were probed.
    """
    return [
        BrokenAttachment(position, statuses[url], url)
        for position, url in enumerate(urls)
        if not 200 <= statuses.get(url, 200) < 300
    ]
