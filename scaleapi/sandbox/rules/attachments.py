"""Attachments of a task: their URLs, and the response of a task whose attachments are broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..base.documents import JsonObject, is_array, is_object

_TYPES_WITH_FRAMES = ("video", "lidar")


class BrokenAttachment(NamedTuple):
    """An attachment that cannot be loaded.

    Attributes:
        position: Its index among the attachments of its task.
        status_code: The HTTP status of the attempt to load it.
        url: Its URL.
    """

    position: int
    status_code: int
    url: str


def attachment_urls(params: JsonObject) -> Iterator[str]:
    """Yield the URLs of a task's attachments, from its parameters."""
    several = params.get("attachments")
    for value in (params.get("attachment"), *(several if is_array(several) else ())):
        url = value.get("content") if is_object(value) else value
        if isinstance(url, str):
            yield url


def error_response(type_name: str, error: str, broken: Iterable[BrokenAttachment]) -> JsonObject:
    """Return the response of a task that failed because of its attachments."""
    if type_name.startswith(_TYPES_WITH_FRAMES):
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
