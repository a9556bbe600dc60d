"""Attachments that cannot be loaded.

The service finds out after it has accepted a task, and turns the task into an error. The sandbox
looks at URLs of this machine only: at its own files, and at servers on loopback addresses.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import NamedTuple

from .documents import JsonObject
from .fetching import is_loopback_url, status_of
from .validation import is_http

_SECONDS = 10.0
_FRAMED = ("video", "lidar")


class Broken(NamedTuple):
    """An attachment that cannot be loaded.

    Attributes:
        position: Its place among the attachments of its task.
        status_code: The HTTP status that came instead of it.
        url: Its URL.
    """

    position: int
    status_code: int
    url: str


def unreachable(urls: Iterable[str]) -> list[Broken]:
    """Ask servers on this machine for attachments, and return those that do not answer 2xx."""
    found: list[Broken] = []
    statuses: dict[str, int] = {}
    end = time.monotonic() + _SECONDS
    for position, url in enumerate(urls):
        if not (is_http(url) and is_loopback_url(url)) or time.monotonic() > end:
            continue
        if url not in statuses:
            statuses[url] = status_of(url)
        if not 200 <= statuses[url] < 300:
            found.append(Broken(position, statuses[url], url))
    return found


def failure(type_name: str, error: str, broken: Iterable[Broken]) -> JsonObject:
    """Return the response of a task that has become an error."""
    if type_name.startswith(_FRAMED):
        frames = [
            {
                "frame": one.position,
                "message": "The frame could not be loaded.",
                "attachment": {"statusCode": one.status_code, "url": one.url},
            }
            for one in broken
        ]
        return {"error": error, "frames": frames}
    attachments = [{"statusCode": one.status_code, "url": one.url} for one in broken]
    return {"error": error, "attachments": attachments}
