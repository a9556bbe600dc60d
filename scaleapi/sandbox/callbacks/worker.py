"""Who does what falls due: work on tasks, and tries to deliver callbacks."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

from ..base.clock import Clock, stamp
from ..base.documents import dumps
from ..base.validation import is_http
from ..links.fetching import is_loopback_url
from ..storage.store import Store
from .http_post import HttpPost
from .outbox import Delivery, Outbox

_logger = logging.getLogger("scaleapi.sandbox")

_AT_ONCE = 8
_PER_HOST = 4
"""A host that hangs leaves room for others."""

_LONGEST_REST = 3600.0
_STOP_SECONDS = 2.0


class Worker:
    """A thread that sleeps until something is due, and does it.

    Tries to deliver run in threads of their own, a few at once.

    Args:
        store: Where callbacks wait.
        clock: The time that decides what is due.
        settle: Does the work on tasks that has fallen due.
        secrets: What authenticates the callbacks of each world.
        reach_anywhere: Whether hosts other than loopback may be reached.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        do_due_work: Callable[[], None],
        secrets: Mapping[str, str],
        *,
        reach_anywhere: bool,
    ) -> None:
        self._store = store
        self._clock = clock
        self._do_due_work = do_due_work
        self._secrets = secrets
        self._reach_anywhere = reach_anywhere
        self._changed = threading.Condition()
        self._in_progress: dict[str, _Attempt] = {}
        self._next_time: str | None = None
        self._woken = False
        self._idle = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="sandbox-courier", daemon=True)

    def start(self) -> None:
        """Begin, with what was left waiting."""
        self._thread.start()

    def stop(self) -> None:
        """Leave what is not done for the next time."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        attempts = self.drop()
        end = time.monotonic() + _STOP_SECONDS
        for attempt in attempts:
            attempt.thread.join(max(0.0, end - time.monotonic()))

    def drop(self) -> list[_Attempt]:
        """End every try that is under way, as if it had not been made."""
        with self._changed:
            attempts = list(self._in_progress.values())
            for attempt in attempts:
                attempt.dropped = True
        for attempt in attempts:
            attempt.post.abort()
        return attempts

    def wake(self) -> None:
        """Look again at what is due: there is something new, or time has passed."""
        with self._changed:
            self._wake()

    def wake_at(self, due_at: str) -> None:
        """Be there at a time that was planned."""
        with self._changed:
            if self._next_time is None or due_at < self._next_time:
                self._wake()

    def _wake(self) -> None:
        self._woken = True
        self._idle = False
        self._changed.notify_all()

    def wait(self, timeout: float) -> bool:
        """Wait until nothing is left that is due now; return whether that came in time."""
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
                rest = self._work()
            except Exception:
                _logger.exception("What fell due could not be done; the next try is in a second")
                rest = 1.0
            with self._changed:
                if not self._woken and not self._stopping:
                    self._changed.wait(rest)

    def _work(self) -> float:
        """Do what is due; return for how many seconds nothing else will be."""
        with self._changed:
            # What is planned from now on wakes this thread, as it may not be seen below.
            self._next_time = None
        now = self._clock.now()
        self._do_due_work()
        while (delivery := self._take()) is not None:
            self._begin(delivery)
        with self._store.transaction() as db:
            next_time = Outbox(db).next_time(stamp(now))
        with self._changed:
            attempts = list(self._in_progress.values())
            if next_time is not None:
                self._next_time = stamp(next_time)
            if not self._woken and not attempts:
                self._idle = True
                self._changed.notify_all()
        rests = [_LONGEST_REST]
        if next_time is not None:
            rests.append((next_time - now).total_seconds())
        for attempt in attempts:
            if attempt.post.seconds_left > 0:
                rests.append(attempt.post.seconds_left)
            else:
                attempt.post.abort()
        return max(0.001, min(rests))

    def _take(self) -> Delivery | None:
        """Return a callback to try now, if there is one and room for it."""
        with self._changed:
            attempts = list(self._in_progress.values())
        if len(attempts) >= _AT_ONCE:
            return None
        in_progress = [attempt.delivery.id for attempt in attempts]
        hosts = Counter(attempt.delivery.host for attempt in attempts)
        full = [host for host, count in hosts.items() if count >= _PER_HOST]
        while True:
            with self._store.transaction() as db:
                outbox = Outbox(db)
                due = outbox.next_due(stamp(self._clock.now()), in_progress, full)
                reason = None if due is None else self._reason_not_to_send(due.target)
                if due is None or reason is None:
                    return due
                outbox.mark_not_sent(due, reason)

    def _reason_not_to_send(self, target: str) -> str | None:
        """Return why nothing may be sent there, if so."""
        if not is_http(target):
            return "E-mail is recorded and not sent."
        if not (self._reach_anywhere or is_loopback_url(target)):
            return "The host is not this machine, and deliver_anywhere is off."
        return None

    def _begin(self, delivery: Delivery) -> None:
        secret = self._secrets[delivery.world]
        attempt = _Attempt(delivery, HttpPost(delivery.target, dumps(delivery.body), secret))
        attempt.thread = threading.Thread(
            target=self._try, args=(attempt,), name="sandbox-callback", daemon=True
        )
        with self._changed:
            self._in_progress[delivery.id] = attempt
        attempt.thread.start()

    def _try(self, attempt: _Attempt) -> None:
        delivery = attempt.delivery
        try:
            tried = attempt.post.send(stamp(self._clock.now()))
            if attempt.dropped and tried.status is None:
                return
            with self._store.transaction() as db:
                Outbox(db).note(delivery, tried)
            outcome = tried.status or tried.error
            _logger.info("callback %s %s %.1f ms", delivery.target, outcome, tried.milliseconds)
        finally:
            with self._changed:
                del self._in_progress[delivery.id]
                self._wake()


class _Attempt:
    """A try that is under way.

    Attributes:
        dropped: Whether it counts as not made.
    """

    thread: threading.Thread

    def __init__(self, delivery: Delivery, post: HttpPost) -> None:
        self.delivery = delivery
        self.post = post
        self.dropped = False
