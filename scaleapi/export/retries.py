"""Results that an earlier run could not download are tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..bulk.executors import Shared
from ..exceptions import ScaleException, ScaleResourceNotFound
from .folder import Folder
from .manifest import Export, FailedDownload
from .results import Outage, download_result, result_links, result_name
from .shard import Pace
from .workers import Workers

if TYPE_CHECKING:
    from ..tasks import TaskMethods

__all__ = ["retry_downloads"]


@dataclass(frozen=True)
class _Retry:
    """Downloads a result. It can be pickled; the pickle holds the API key.

    Attributes:
        shared: The client.
        folder: The folder of the export.
        interval: Seconds from the start of one request to that of the next.
    """

    shared: Shared[TaskMethods]
    folder: Folder
    interval: float

    def __call__(self, failed: FailedDownload) -> ScaleException | None:
        """Return what the download failed with.

        A result that its task no longer has is neither downloaded nor a failure of a host.
        """
        pace, client = Pace(self.interval), self.shared.value
        pace.wait()
        try:
            task = client.get_task(failed.task_id)  # its links are signed anew
        except ScaleResourceNotFound:
            return None
        error = None
        for link in result_links(task.as_dict()):
            if result_name(link) == failed.name:
                pace.wait()
                error = download_result(client, self.folder, link)
        pace.wait()
        return error


def retry_downloads(
    export: Export, workers: Workers, shared: Shared[TaskMethods], folder: Folder, interval: float
) -> Export:
    """Try again to download the results of a finished export that are not in its folder.

    Args:
        export: The export.
        workers: What downloads them.
        shared: The client.
        folder: The folder.
        interval: Seconds from the start of one request of a worker to that of the next.

    Returns:
        The export, without the failures whose results are in the folder now.

    Raises:
        ScaleException: The API key is invalid, a task could not be read, or the host of the results
            is down.
    """
    left = export.without_downloaded(folder)
    failed, outage = list(dict.fromkeys(left.failed_downloads)), Outage()
    for _, error in workers.run(_Retry(shared, folder, interval), failed):
        outage.note(error)
    return left.without_downloaded(folder)
