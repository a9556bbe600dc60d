"""The files of tasks: images, their sizes, and results behind links."""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import unquote_to_bytes, urlsplit

from ..._arguments import shown, whole_number
from ..._http.response import JSONObject
from ..._http.url import path
from ...exceptions import ScaleArgumentError, ScaleException, ScaleUnauthorized
from ...tasks import Task
from ..results import is_bad_key
from .headers import ImageHeader, read_header
from .upright import upright

if TYPE_CHECKING:
    from ...tasks import TaskMethods

__all__ = [
    "SUFFIXES",
    "ImageFile",
    "ImageSize",
    "Unavailable",
    "given_size",
    "json_at",
    "open_image",
    "read",
    "size_from",
]

#: Where the sizes of images come from, if not from their files.
ImageSize = Mapping[str, object] | str | Callable[[Task], object]

#: The first bytes, in which the size of most images is. JPEG files may have 64 KB of EXIF before.
_FIRST = 128 * 1024

#: Pixels of the longest side that the header of any kind of image can say.
_LARGEST = 2**32 - 1

SUFFIXES = {".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}


class Unavailable(Exception):
    """A file cannot be had; the text says why."""


class ImageFile(NamedTuple):
    """An image of a task.

    Attributes:
        size: Width and height in pixels, as the image is shown; ``None`` if unknown.
        suffix: The suffix of its file.
        content: The file, if it was asked for.
        problem: Why the size or the content is missing.
        note: What the report should say about it.
    """

    size: tuple[int, int] | None
    suffix: str
    content: bytes | None = None
    problem: str = ""
    note: str = ""


def open_image(
    task: Task, attachment: object, size: tuple[int, int] | None, with_content: bool
) -> ImageFile:
    """Return an image of a task, with as little of its file as that needs.

    Args:
        task: The task.
        attachment: The image's link, as in the task's parameters.
        size: Its size, if that is known.
        with_content: Whether the whole file is wanted.
    """
    url = attachment.get("content") if isinstance(attachment, dict) else attachment
    suffix = _suffix(url)
    if size is not None and not with_content:
        return ImageFile(size, suffix)
    try:
        content = read(task, url, None if with_content else _FIRST)
        header = read_header(content)
        if header is None and not with_content:
            content = read(task, url)  # the size may be farther back
            header = read_header(content)
    except Unavailable as error:
        return ImageFile(size, suffix, problem=str(error))
    return _image(header, size, suffix, content if with_content else None)


def _image(
    header: ImageHeader | None, size: tuple[int, int] | None, suffix: str, content: bytes | None
) -> ImageFile:
    if header is None:
        problem = "" if size else "its size cannot be read: not a BMP, GIF, JPEG, PNG or WebP file"
        return ImageFile(size, suffix, content, problem)
    # The file is what counts: the service may have converted the attachment.
    same = {suffix, header.suffix} == {".jpeg", ".jpg"}
    size, suffix = size or (header.width, header.height), suffix if same else header.suffix
    if content is None or header.orientation == 1:
        return ImageFile(size, suffix, content)
    turned = upright(content)
    note = "image saved upright, since its EXIF data say that it is rotated"
    if turned is None:
        turned, note = content, "image is rotated by its EXIF data, which readers must apply"
    return ImageFile(size, suffix, turned, note=note)


def read(task: Task, url: object, first: int | None = None) -> bytes:
    """Return a file of a task.

    Args:
        task: The task, whose client downloads it.
        url: Its link, as in the task.
        first: How many bytes are enough.

    Raises:
        Unavailable: It cannot be had.
        ScaleUnauthorized: The API key is invalid.
    """
    if not isinstance(url, str) or not url:
        raise Unavailable("the task has no link to it")
    if url[:5].lower() == "data:":
        return _inline(url)
    client = cast("TaskMethods | None", task._client)  # tasks of files are made without one
    if client is None:
        raise Unavailable("the task has no client to download it with")
    problem = "there is no link to download it"
    for link in _links(client, task.as_dict(), url):
        try:
            return client.api.download(link, first=first)
        except ScaleException as error:
            if is_bad_key(error):
                raise
            problem = f"it cannot be downloaded: {_kind(error)}"
    raise Unavailable(problem)


def _links(client: TaskMethods, task: JSONObject, url: str) -> Iterator[str]:
    """Yield links by which a file can be downloaded, the most likely first."""
    signed = _signed(task, url)
    yield from signed
    if _is_web(url):
        yield url
    elif isinstance(task.get("task_id"), str):
        # Links to what is stored with Scale live for a short time, so this takes a new one.
        endpoint = path("task/{task_id}", task_id=task["task_id"])
        try:
            fresh = client.api.get_request(endpoint, {"include_attachment_url": True})
        except ScaleUnauthorized:
            raise
        except ScaleException:
            return
        if isinstance(fresh, dict):
            yield from (link for link in _signed(fresh, url) if link not in signed)


def _is_web(url: str) -> bool:
    return url[:8].lower().startswith(("http://", "https://"))


def _kind(error: ScaleException) -> str:
    """Return what went wrong without the link, which may be a secret, so that it can be counted."""
    return type(error).__name__ if error.status is None else f"status {error.status}"


def json_at(task: Task, url: str) -> object:
    """Return the JSON of a result file.

    Raises:
        Unavailable: It cannot be had, or is not JSON.
    """
    try:
        return json.loads(read(task, url).rstrip(b"\0"))  # some files end in NUL bytes
    except (ValueError, RecursionError):
        raise Unavailable("the result file is not JSON") from None


def _signed(task: JSONObject, url: str) -> list[str]:
    """Return the links by which the service lets an attachment be downloaded."""
    downloads = task.get("attachmentS3Downloads")
    found = downloads if isinstance(downloads, list) else []
    several = [one for one in found if isinstance(one, dict)]
    params = task.get("params")
    attachments = params.get("attachments") if isinstance(params, dict) else None
    if len(several) == 1 and not isinstance(attachments, list):
        matching = [one for one in several if one.get("attachmentURL") in (url, None)]
    else:
        matching = [one for one in several if one.get("attachmentURL") == url]
    links = [one["s3URL"] for one in matching if isinstance(one.get("s3URL"), str)]
    return [*dict.fromkeys(link for link in links if _is_web(link))]


def _inline(url: str) -> bytes:
    head, _, text = url.partition(",")
    content = unquote_to_bytes(text)
    try:
        return b64decode(content) if head.lower().endswith(";base64") else content
    except Base64Error:
        raise Unavailable("its data: link is damaged") from None


def _suffix(url: object) -> str:
    if isinstance(url, str) and url[:5].lower() != "data:":
        try:
            suffix = Path(urlsplit(url).path).suffix.lower()
        except ValueError:
            suffix = ""
        if suffix in SUFFIXES:
            return suffix
    return ".jpg"


def given_size(image_size: ImageSize | None, task: Task) -> tuple[int, int] | None:
    """Return the size of a task's image as the caller gave it, ``None`` if it is not given.

    Args:
        image_size: A mapping from the task's id, its ``unique_id``, its attachment or the file
            name of that; the key of the task's metadata; or a function of the task.
        task: The task.

    Raises:
        ScaleArgumentError: It is something else, or not a size.
    """
    if image_size is None:
        return None
    if isinstance(image_size, str):
        metadata = task.as_dict().get("metadata")
        found = metadata.get(image_size) if isinstance(metadata, dict) else None
    elif isinstance(image_size, Mapping):
        found = next((image_size[key] for key in _keys(task) if key in image_size), None)
    elif callable(image_size):
        found = image_size(task)
    else:
        raise ScaleArgumentError(
            "image_size",
            f"must be a mapping, a key of metadata or a function, not {shown(image_size)}",
        )
    return None if found is None else size_from(found)


def _keys(task: Task) -> list[str]:
    json_object = task.as_dict()
    params = json_object.get("params")
    url = params.get("attachment") if isinstance(params, dict) else None
    keys = [json_object.get("task_id"), json_object.get("unique_id"), url]
    if isinstance(url, str):
        keys.append(url.partition("?")[0].rpartition("/")[2])
    return [key for key in keys if isinstance(key, str)]


def size_from(found: Any) -> tuple[int, int]:
    """Return a size that is given as a pair, a dict or a text such as ``640x480``.

    Raises:
        ScaleArgumentError: It is not a size.
    """
    if isinstance(found, Mapping):
        pair: Any = [found.get("width"), found.get("height")]
    elif isinstance(found, str):
        pair = found.lower().replace("×", "x").split("x")  # noqa: RUF001 - people write it
    else:
        pair = found
    try:
        width, height = (whole_number(value) for value in pair)
    except (TypeError, ValueError):
        width = height = None
    if not width or not height or min(width, height) < 1 or max(width, height) > _LARGEST:
        raise ScaleArgumentError(
            "image_size", f"must give width and height in pixels, not {shown(found)}"
        )
    return width, height
