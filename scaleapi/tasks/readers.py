"""What is worked out of a task's JSON where that is awkward to read."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .._http.response import JSONObject, check_object
from .._http.url import path
from ..api import Resource

if TYPE_CHECKING:
    from typing_extensions import Self

    from .task import Task

__all__ = ["Reader", "annotations_in", "attachment_urls_in", "image_size_in", "own_instruction_in"]

_T = TypeVar("_T")

#: A link as a whole; a text may begin with one.
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://|data:)\S+")

_DATA_URL = re.compile(r"data:image/[a-z0-9.+-]+;base64,(.*)", re.DOTALL)

#: Characters of base64 that have the size of an image of any format, with what comes before it.
_HEADER = 400_000


class Reader(Generic[_T]):
    """An attribute of a task that is worked out of its JSON.

    A key of the same name, in the JSON or in its ``params``, comes first: these are attributes
    too.
    """

    def __init__(self, read: Callable[[Task], _T]) -> None:
        self.read = read
        self.__doc__ = read.__doc__

    def __set_name__(self, owner: type[Task], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type[Task]) -> Self: ...

    @overload
    def __get__(self, instance: Task, owner: type[Task]) -> _T: ...

    def __get__(self, instance: Task | None, owner: type[Task]) -> Self | _T:
        if instance is None:
            return self
        params = instance._json.get("params")
        if self.name in instance._json or (isinstance(params, dict) and self.name in params):
            raise AttributeError(self.name)  # leads to __getattr__, which returns it
        return self.read(instance)


def annotations_in(task: JSONObject) -> list[Any]:
    """Return the annotations of a response, none if it has none or links to a file with them."""
    response = task.get("response")
    found = response.get("annotations") if isinstance(response, dict) else None
    return found if isinstance(found, list) else []


def attachment_urls_in(task: JSONObject) -> list[str]:
    """Return the URLs of the attachments, as they were given."""
    return [one for one in _attachments(task) if _URL.fullmatch(one)]


def _attachments(task: JSONObject) -> Iterator[str]:
    params = task.get("params")
    if not isinstance(params, dict):
        return
    for name in ("attachment", "attachments"):
        value = params.get(name)
        for one in value if isinstance(value, list) else [value]:
            content = one.get("content") if isinstance(one, dict) else one
            if isinstance(content, str):
                yield content


def image_size_in(task: JSONObject) -> tuple[int, int] | None:
    """Return width and height of the first page of a document, or of an image in the task."""
    pages = task.get("document_pages")
    if isinstance(pages, list) and pages and isinstance(pages[0], dict):
        width, height = _pixels(pages[0].get("width")), _pixels(pages[0].get("height"))
        if width and height:
            return width, height
    for one in _attachments(task):
        match = _DATA_URL.match(one)
        if match:
            return _size(match[1][:_HEADER])
    return None


def _pixels(value: object) -> int | None:
    """Return a positive number of pixels, ``None`` if it is something else, such as NaN."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 < value < math.inf else None


def _size(text: str) -> tuple[int, int] | None:
    from .._notebook import Image  # noqa: PLC0415 - few tasks have an image in them

    try:
        image = Image.of(base64.b64decode(text[: len(text) // 4 * 4]))
    except ValueError:  # not base64, or an image of too many pixels
        return None
    return image and image.size


def own_instruction_in(task: JSONObject, client: Resource) -> str:
    """Return the instruction of a task without that of its project, which is appended to it.

    Args:
        task: The task.
        client: What the project is requested with.
    """
    instruction = task.get("instruction")
    text = instruction if isinstance(instruction, str) else ""
    name, version = task.get("project"), task.get("project_param_version")
    if not text or not isinstance(name, str) or version == -1:
        return text
    project = check_object(
        client.api.get_request(path("projects/{project_name}", project_name=name))
    )
    history = project.get("param_history")
    versions = (
        [one for one in history if isinstance(one, dict)] if isinstance(history, list) else []
    )
    if isinstance(version, int):
        versions = [one for one in versions if one.get("version") == version]
    appended = versions[-1].get("instruction") if versions else None
    if not isinstance(appended, str) or not appended or not text.endswith(appended):
        return text
    return text.removesuffix(appended).rstrip()
