"""Probing attachments in the background, after the response to the create."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection

from .fetching import status_of

_logger = logging.getLogger("scaleapi.sandbox")

_PROBE_SECONDS = 2.0
_JOB_SECONDS = 10.0
_PATIENCE = 0.5
_PAUSE = 1.0


class ProbeJob:
    """The attachments of one task.

    Attributes:
        task_id: The task.
        statuses: The status of each URL that has been probed.
    """

    def __init__(self, task_id: str, urls: Collection[str]) -> None:
        self.task_id = task_id
        self.statuses: dict[str, int] = {}
        self.start = time.monotonic()
        self.left = len(urls)


class Prober:
    """Requests attachments from local servers, a few at a time.

    A server that hangs delays others: what has not been probed after ten seconds is taken as good.

    Args:
        done: Called with each job when its URLs have been probed, in a thread of its own.
        threads: Number of probes at the same time; with one, jobs are done in their order.
    """

    def __init__(self, done: Callable[[ProbeJob], None], threads: int = 8) -> None:
        self._done = done
        self._most_threads = threads
        self._changed = threading.Condition()
        self._jobs: set[ProbeJob] = set()
        self._queue: deque[tuple[ProbeJob, str]] = deque()
        self._threads = 0

    def add(self, task_id: str, urls: Collection[str]) -> None:
        """Probe the attachments of a task, unless that is being done."""
        job = ProbeJob(task_id, urls)
        with self._changed:
            if any(other.task_id == task_id for other in self._jobs):
                return
            self._jobs.add(job)
            self._queue.extend((job, url) for url in urls)
            threads = min(len(urls), self._most_threads - self._threads)
            self._threads += threads
        for _ in range(threads):
            threading.Thread(target=self._run, name="sandbox-prober", daemon=True).start()

    def discard(self) -> None:
        """Forget all jobs; none is done from then on. The caller holds the store."""
        with self._changed:
            self._jobs.clear()
            self._queue.clear()
            self._changed.notify_all()

    def is_wanted(self, job: ProbeJob) -> bool:
        """Return whether a job has not been discarded."""
        return job in self._jobs

    @property
    def busy(self) -> bool:
        """Whether a job is not done yet."""
        return bool(self._jobs)

    def wait_briefly(self) -> None:
        """Wait until the current jobs are done, no longer than half a second after the last began.

        Only servers that hang take longer.
        """
        with self._changed:
            jobs = set(self._jobs)
            patience = max((job.start for job in jobs), default=0.0) + _PATIENCE - time.monotonic()
            if patience > 0:
                self._changed.wait_for(lambda: not jobs & self._jobs, patience)

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._queue:
                    self._threads -= 1
                    return
                job, url = self._queue.popleft()
            status = None
            if time.monotonic() < job.start + _JOB_SECONDS:
                status = status_of(url, _PROBE_SECONDS)
            with self._changed:
                if status is not None:
                    job.statuses[url] = status
                job.left -= 1
                finished = job.left == 0
            if finished:
                self._finish(job)

    def _finish(self, job: ProbeJob) -> None:
        while self.is_wanted(job):
            try:
                self._done(job)
            except Exception:
                _logger.exception("Could not store the result of a probe; retrying in a second")
                time.sleep(_PAUSE)
            else:
                break
        with self._changed:
            self._jobs.discard(job)
            self._changed.notify_all()
