"""Probing attachments in the background, after the response to the create."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection

from .fetching import status_of

_logger = logging.getLogger("scaleapi.sandbox")

_MAX_THREADS = 8
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
        in_order: Whether the jobs are done one by one, in the order in which they were added.
    """

    def __init__(self, done: Callable[[ProbeJob], None], *, in_order: bool = False) -> None:
        self._done = done
        self._in_order = in_order
        self._max_threads = 1 if in_order else _MAX_THREADS
        self._changed = threading.Condition()
        self._stopped = False
        self._jobs: dict[str, ProbeJob] = {}
        """Jobs that are not done yet, by task."""
        self._queue: deque[tuple[ProbeJob, str]] = deque()
        self._threads = 0

    def add(self, task_id: str, urls: Collection[str]) -> None:
        """Probe the attachments of a task, of which there is at least one, once at a time."""
        job = ProbeJob(task_id, urls)
        with self._changed:
            if self._stopped or task_id in self._jobs:
                return
            self._jobs[task_id] = job
            self._queue.extend((job, url) for url in urls)
            threads = min(len(urls), self._max_threads - self._threads)
            self._threads += threads
        for _ in range(threads):
            self._start_thread()

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._run, name="sandbox-prober", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # There are too many threads; the next job tries again.
            with self._changed:
                self._threads -= 1
            raise

    def discard(self) -> None:
        """Forget all jobs; none is done from then on. The caller holds the store."""
        with self._changed:
            self._jobs.clear()
            self._queue.clear()
            self._changed.notify_all()

    def stop(self) -> None:
        """Forget all jobs, now and later; nobody waits any more. The caller holds the store."""
        with self._changed:
            self._stopped = True
            self.discard()

    def is_wanted(self, job: ProbeJob) -> bool:
        """Return whether a job has not been discarded."""
        return self._jobs.get(job.task_id) is job

    @property
    def busy(self) -> bool:
        """Whether a job is not done yet."""
        return bool(self._jobs)

    def wait_if_in_order(self) -> None:
        """Wait until the current jobs are done, if jobs are done in order."""
        if self._in_order:
            with self._changed:
                self._wait_for_jobs(_JOB_SECONDS)

    def wait_briefly(self) -> None:
        """Wait until the current jobs are done, no longer than half a second after the last began.

        Only servers that hang take longer.
        """
        with self._changed:
            last = max((job.start for job in self._jobs.values()), default=0.0)
            self._wait_for_jobs(last + _PATIENCE - time.monotonic())

    def _wait_for_jobs(self, seconds: float) -> None:
        """Wait for the current jobs only: there may always be a newer one."""
        jobs = list(self._jobs.values())
        if jobs and seconds > 0:
            self._changed.wait_for(lambda: not any(map(self.is_wanted, jobs)), seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._queue:
                    self._threads -= 1
                    return
                job, url = self._queue.popleft()
            status = self._status(job, url)
            with self._changed:
                if status is not None:
                    job.statuses[url] = status
                job.left -= 1
                finished = job.left == 0
            if finished:
                self._finish(job)

    def _status(self, job: ProbeJob, url: str) -> int | None:
        """Return the status of a URL, or None if there is no time left for it."""
        if not self.is_wanted(job) or time.monotonic() >= job.start + _JOB_SECONDS:
            return None
        try:
            return status_of(url, _PROBE_SECONDS)
        except Exception:  # A thread that ended here would leave all later jobs undone.
            _logger.exception("Could not probe an attachment of task %s", job.task_id)
            return None

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
            if self.is_wanted(job):
                del self._jobs[job.task_id]
            self._changed.notify_all()
