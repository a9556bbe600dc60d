"""The background thread that processes due tasks and delivers callbacks."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

from ..base.clock import Clock, stamp
from ..base.documents import dumps
from ..base.hosts import Hosts
from ..base.validation import is_http
from ..storage.store import Store
from .delivery import Delivery
from .http_post import HttpPost
from .outbox import Outbox

_logger = logging.getLogger("scaleapi.sandbox")

_MAX_DELIVERIES = 8
_MAX_PER_HOST = 4
"""A host that hangs must not block deliveries to others."""

_MAX_SLEEP = 3600.0
_BUSY_SLEEP = 0.05
_STOP_SECONDS = 2.0


class Worker:
    """A thread that sleeps until something is due and then processes it.

    Each delivery runs in its own thread, a few at a time.

    Args:
        store: The database with the outbox.
        clock: The clock that decides what is due.
        do_due_work: Processes the tasks that are due; returns False if it must be called again.
        secrets: The callback secret of each mode.
        reachable: The hosts to deliver to.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        do_due_work: Callable[[], bool],
        secrets: Mapping[str, str],
        reachable: Hosts,
    ) -> None:
        self._store = store
        self._clock = clock
        self._do_due_work = do_due_work
        self._secrets = secrets
        self._reachable = reachable
        self._changed = threading.Condition()
        self._in_progress: dict[str, _Attempt] = {}
        self._next_time: str | None = None
        self._woken = False
        self._idle = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="sandbox-worker", daemon=True)

    def start(self) -> None:
        """Start the thread; it continues with callbacks left by an earlier process."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread; undelivered callbacks stay in the outbox."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        attempts = self.abort_deliveries()
        end = time.monotonic() + _STOP_SECONDS
        for attempt in attempts:
            attempt.thread.join(max(0.0, end - time.monotonic()))

    def abort_deliveries(self, *, discard: bool = False) -> list[_Attempt]:
        """Abort every delivery in progress, as if it had not been attempted.

        Args:
            discard: Whether not even a receiver's response counts: the delivery belongs to a state
                that was replaced. The caller holds the store.
        """
        with self._changed:
            attempts = list(self._in_progress.values())
            for attempt in attempts:
                attempt.aborted = True
                attempt.discarded = attempt.discarded or discard
        for attempt in attempts:
            attempt.http_post.abort()
        return attempts

    def wake(self) -> None:
        """Check for due work now: something was added, or the clock advanced."""
        with self._changed:
            self._wake()

    def wake_at(self, due_at: str) -> None:
        """Wake up no later than this time."""
        with self._changed:
            if self._next_time is None or due_at < self._next_time:
                self._wake()

    def _wake(self) -> None:
        self._woken = True
        self._idle = False
        self._changed.notify_all()

    def wait(self, timeout: float) -> bool:
        """Wait until nothing is due; return False on timeout."""
        with self._changed:
            self._wake()
            return self._changed.wait_for(lambda: self._idle, timeout)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._stopping:
                    return
                self._woken = False
            try:
                sleep = self._work()
            except Exception:
                _logger.exception("Could not process due work; retrying in a second")
                sleep = 1.0
            with self._changed:
                if not self._woken and not self._stopping:
                    self._changed.wait(sleep)

    def _work(self) -> float:
        """Process what is due; return the seconds until the next due time."""
        with self._changed:
            # Anything scheduled from now on must wake this thread: it may be missed below.
            self._next_time = None
        now = self._clock.now()
        all_done = self._do_due_work()
        while (delivery := self._next_delivery()) is not None:
            self._start_delivery(delivery)
        with self._store.transaction() as db:
            next_time = Outbox(db).next_time(stamp(now))
        with self._changed:
            attempts = list(self._in_progress.values())
            if next_time is not None:
                self._next_time = stamp(next_time)
            if all_done and not self._woken and not attempts:
                self._idle = True
                self._changed.notify_all()
        sleeps = [_MAX_SLEEP if all_done else _BUSY_SLEEP]
        if next_time is not None and not self._clock.frozen:
            sleeps.append((next_time - now).total_seconds())
        for attempt in attempts:
            if attempt.http_post.seconds_left > 0:
                sleeps.append(attempt.http_post.seconds_left)
            else:
                attempt.http_post.abort()
        return max(0.001, min(sleeps))

    def _next_delivery(self) -> Delivery | None:
        """Return a due callback if there is capacity for it."""
        with self._changed:
            attempts = list(self._in_progress.values())
        if len(attempts) >= _MAX_DELIVERIES:
            return None
        in_progress = [attempt.delivery.id for attempt in attempts]
        hosts = Counter(attempt.delivery.host for attempt in attempts)
        full = [host for host, count in hosts.items() if count >= _MAX_PER_HOST]
        while True:
            with self._store.transaction() as db:
                outbox = Outbox(db)
                due = outbox.next_due(stamp(self._clock.now()), in_progress, full)
                reason = None if due is None else self._reason_not_to_send(due.target)
                if due is None or reason is None:
                    return due
                outbox.mark_not_sent(due, reason)

    def _reason_not_to_send(self, target: str) -> str | None:
        """Return why nothing may be sent to this target, or None."""
        if not is_http(target):
            return "Email is recorded and not sent."
        if not self._reachable.has_host_of(target):
            return "The host is neither loopback nor in deliver_to, and deliver_anywhere is off."
        return None

    def _start_delivery(self, delivery: Delivery) -> None:
        secret = self._secrets[delivery.mode]
        attempt = _Attempt(delivery, HttpPost(delivery.target, dumps(delivery.body), secret))
        attempt.thread = threading.Thread(
            target=self._deliver, args=(attempt,), name="sandbox-callback", daemon=True
        )
        with self._changed:
            self._in_progress[delivery.id] = attempt
        attempt.thread.start()

    def _deliver(self, attempt: _Attempt) -> None:
        delivery = attempt.delivery
        try:
            result = attempt.http_post.send(stamp(self._clock.now()))
            if attempt.aborted and result.status is None:
                return
            with self._store.transaction() as db:
                if attempt.discarded:
                    return
                Outbox(db).record(delivery, result)
            outcome = result.status or result.error
            _logger.info("callback %s %s %.1f ms", delivery.target, outcome, result.milliseconds)
        finally:
            with self._changed:
                del self._in_progress[delivery.id]
                self._wake()


class _Attempt:
    """A delivery in progress.

    Attributes:
        aborted: Whether it was aborted; its result counts only if there is a response.
        discarded: Whether its result does not count.
    """

    thread: threading.Thread

    def __init__(self, delivery: Delivery, http_post: HttpPost) -> None:
        self.delivery = delivery
        self.http_post = http_post
        self.aborted = False
        self.discarded = False
