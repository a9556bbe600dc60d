"""Results behind links: those of video, lidar and segmentation tasks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .._http.response import Response
from .._waiting import PASSING
from ..exceptions import ScaleArgumentError, ScaleException, ScaleUnauthorized
from .manifest import FailedDownload

if TYPE_CHECKING:
    from ..tasks import TaskMethods
    from .folder import Folder
    from .shard import Pace

__all__ = [
    "Outage",
    "ResultDownloads",
    "download_result",
    "is_bad_key",
    "result_links",
    "result_name",
    "what_failed",
]

#: Types whose responses have links. In others a link is what a labeler wrote.
_TYPES = re.compile(r"segmentannotation|video.*|lidar.*|laneannotation|sensorfusion")

#: So many failures in a row that say nothing about a link are an outage.
_MOST_IN_A_ROW = 20

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")


def result_links(task: dict[str, Any]) -> list[str]:
    """Return the links in a task's response that lead to its results, each once.

    Args:
        task: The task, as ``task.as_dict()``.

    Example:
        >>> response = {"annotations": {"url": "https://results.example.net/a17.json"}}
        >>> result_links({"type": "videoannotation", "response": response})
        ['https://results.example.net/a17.json']
    """
    kind, response = task.get("type"), task.get("response")
    if not isinstance(kind, str) or not _TYPES.fullmatch(kind) or not isinstance(response, dict):
        return []
    if task.get("status") == "error":  # its links are those of attachments
        return []
    places = [one.get("url") for one in response.values() if isinstance(one, dict)]
    if kind == "segmentannotation":
        places.append(response.get("annotations"))
    return list(dict.fromkeys(_links(places)))


def result_name(link: str) -> str:
    """Return where in the folder of an export the result behind a link is.

    A link may be signed anew each time that its task is read: its query does not count.

    Args:
        link: The link, as in the response.

    Example:
        >>> result_name("https://results.example.net/a17.json?signature=1")
        'results/b5170a2e9ed3b2c6eeb3b5c7d9ef0b4c.json'
    """
    without_query = link.partition("#")[0].partition("?")[0]
    digest = hashlib.sha256(without_query.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    suffix = _SUFFIX.search(without_query.rpartition("/")[2])
    return f"results/{digest}{suffix[0].lower() if suffix else ''}"


class ResultDownloads:
    """Saves the results of tasks in the folder of an export, each once.

    Args:
        client: The client.
        folder: The folder.
        pace: Keeps the requests apart.

    Attributes:
        failed: Results that could not be downloaded.
    """

    def __init__(self, client: TaskMethods, folder: Folder, pace: Pace) -> None:
        self.failed: list[FailedDownload] = []
        self._client = client
        self._folder = folder
        self._pace = pace
        self._outage = Outage()

    def save(self, task: dict[str, Any]) -> None:
        """Download the results of a task that are not in the folder.

        Args:
            task: The task.

        Raises:
            ScaleException: The API key is invalid, or the host of the results is down.
        """
        for link in result_links(task):
            name = result_name(link)
            if self._folder.exists(name):
                continue
            self._pace.wait()
            error = download_result(self._client, self._folder, link)
            self._outage.note(error)
            if error is not None:
                shown = _without_query(link)
                self.failed.append(
                    FailedDownload(str(task.get("task_id")), shown, what_failed(error), name)
                )


class Outage:
    """Counts downloads in a row that failed in ways that say nothing about their links."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def note(self, error: ScaleException | None) -> None:
        """Note what one download failed with; ``None`` if it did not fail.

        Raises:
            ScaleException: It is one of many in a row.
        """
        self._in_a_row = self._in_a_row + 1 if isinstance(error, PASSING) else 0
        if error is not None and self._in_a_row >= _MOST_IN_A_ROW:
            raise error


def download_result(client: TaskMethods, folder: Folder, link: str) -> ScaleException | None:
    """Download a result into the folder of an export, and return what it failed with.

    Args:
        client: The client.
        folder: The folder.
        link: The link, as in the response of a task.

    Raises:
        ScaleUnauthorized: The API key is invalid.
    """
    try:
        content = client.download_response(link)
    except ScaleException as error:
        if is_bad_key(error):
            raise
        return error
    folder.write(result_name(link), content)
    return None


def is_bad_key(error: ScaleException) -> bool:
    """Return whether the download that just failed did so because the API key is rejected.

    Hosts of results never get it, not by a redirect either: what they reject is the link.
    """
    response = Response.latest()
    return (
        isinstance(error, ScaleUnauthorized)
        and response is not None
        and "Authorization" in response.call.headers
    )


def what_failed(error: ScaleException) -> str:
    """Return what went wrong, without what may repeat the query of a link."""
    name = type(error).__name__
    if error.status:
        return f"{name}: status {error.status}"
    if isinstance(error, ScaleArgumentError):
        return f"{name}: not a link that can be followed"
    return name


def _without_query(link: str) -> str:
    try:
        parts = urlsplit(link)
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path}"
    except ValueError:
        return "not a link"


def _links(value: object) -> Iterator[str]:
    """Yield every link among the values of JSON."""
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _links(one)
