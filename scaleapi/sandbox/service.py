"""The service behind the HTTP API: settings, transactions and due work."""

from __future__ import annotations

import itertools
import logging
import sqlite3
from collections import deque
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from .base.clock import Clock, parse_stamp, stamp
from .base.errors import not_found
from .base.hosts import Hosts
from .base.modes import MODES, Mode
from .callbacks.delivery import Delivery
from .callbacks.outbox import Outbox
from .callbacks.worker import Worker
from .faults.fault import Fault, is_dashboard
from .faults.rule_set import Faults
from .faults.traffic import NO_LATENCY, Latency, RateLimit
from .http.server import Request
from .resources.transaction import TASK_NOT_FOUND, Transaction
from .rules.transitions import DEFAULT_TRANSITIONS, Transition
from .seeds.load import load_seed
from .storage.store import Store

_logger = logging.getLogger("scaleapi.sandbox")

_CHUNK_SIZE = 500
_LOGGED_REQUESTS = 1000


class Service:
    """The state and settings of one sandbox, without its HTTP API.

    Args:
        store: The database.
        transition: When pending tasks are completed; by default it depends on the mode.
        keys: The mode of each API key.
        callback_secrets: The callback secret of each mode.
        allowed_hosts: The names in the Host header that requests may have.
        reachable: The hosts that callbacks and imports may reach; by default loopback.
        faults: The initial fault rules.
        rate_limit: Requests per second with each key; None for no limit.
        latency: The delay of every request to the API.
        disabled_types: The task types that are not enabled for the account.

    Attributes:
        clock: The clock.
        worker: The thread that processes due tasks and callbacks.
        faults: The fault rules.
        origin: The URL without a path, for links.
        local_origin: The URL without a path, for programs on this machine.
        certificate: What clients must trust, in PEM; None without HTTPS.
        requests: The last requests.
    """

    def __init__(
        self,
        store: Store,
        *,
        transition: Transition | None,
        keys: Mapping[str, Mode],
        callback_secrets: Mapping[str, str],
        allowed_hosts: Hosts | None = None,
        reachable: Hosts | None = None,
        faults: Iterable[Fault] = (),
        rate_limit: float | None = None,
        latency: Latency = NO_LATENCY,
        disabled_types: Collection[str] = (),
    ) -> None:
        self.store = store
        self.transition = self._first_transition = transition
        self.keys = keys
        self.allowed_hosts = allowed_hosts or Hosts()
        self.reachable = reachable or Hosts()
        self.disabled_types = disabled_types
        account = store.account()
        self.account_id, self.secret = account.id, account.secret
        self.clock = Clock(self._clock_advanced, account.ahead)
        self.worker = Worker(
            store,
            self.clock,
            lambda: self._do_due_work(self.clock.now()),
            callback_secrets,
            self.reachable,
        )
        self.faults = Faults(faults)
        self.rate_limit = RateLimit(rate_limit)
        self.latency = latency
        self._first_traffic = rate_limit, latency
        self.origin = self.local_origin = ""
        self.certificate: bytes | None = None
        self._numbers = itertools.count(1)
        self.requests: deque[Request] = deque(maxlen=_LOGGED_REQUESTS)

    def set_origin(self, origin: str) -> None:
        """Set the URL, without a path; links use it from now on."""
        self.origin = origin
        self.store.rewrite_links(origin)

    def log_request(self, request: Request) -> None:
        """Log a request; those to the dashboard are not added to the request log."""
        if not is_dashboard(request.path.partition("?")[0]):
            number, time = next(self._numbers), stamp(self.clock.now())
            self.requests.append(request._replace(number=number, time=time))
        _logger.info("%s %s %s %.1f ms", *request[:4])

    def _clock_advanced(self) -> None:
        self.store.store_clock_offset(self.clock.ahead)
        self.worker.wake()

    @contextmanager
    def transaction(self, mode: Mode) -> Generator[Transaction]:
        """Open a transaction for one request."""
        self._do_due_work(self.clock.now())
        with self.store.transaction() as db:
            # Inside the exclusive transaction, so that timestamps increase from request to request.
            tx = self._transaction(db, mode, self.clock.now())
            yield tx
        if tx.next_due is not None:
            self.worker.wake_at(tx.next_due)

    @contextmanager
    def task_transaction(self, task_id: str) -> Generator[Transaction]:
        """Open a transaction in the mode of a task; raise 404 if there is no such task."""
        with self.store.transaction() as db:
            row = db.execute("SELECT world FROM tasks WHERE task_id = ?", (task_id,)).fetchone()
        if row is None:
            raise not_found(TASK_NOT_FOUND)
        with self.transaction(cast(Mode, row[0])) as tx:
            yield tx

    @contextmanager
    def _both_modes(self) -> Generator[dict[str, Transaction]]:
        """Open one transaction with access to both modes."""
        self._do_due_work(self.clock.now())
        with self.store.transaction() as db:
            yield {mode: self._transaction(db, mode, self.clock.now()) for mode in MODES}
        self.worker.wake()

    def _transaction(self, db: sqlite3.Connection, mode: Mode, now: datetime) -> Transaction:
        transition = self.transition or DEFAULT_TRANSITIONS[mode]
        return Transaction(self.store, db, mode, now, transition, self.origin)

    def _do_due_work(self, now: datetime) -> None:
        """Process the tasks that are due, each as of its due time."""
        while True:
            with self.store.transaction() as db:
                due = db.execute(
                    "SELECT world, task_id, due_at FROM tasks"
                    " WHERE due_at <= ? ORDER BY due_at LIMIT ?",
                    (stamp(now), _CHUNK_SIZE),
                ).fetchall()
                for mode, task_id, due_at in due:
                    tx = self._transaction(db, mode, parse_stamp(due_at))
                    tx.work(tx.task(task_id))
            if len(due) < _CHUNK_SIZE:
                return

    def deliveries(self, task_id: str | None = None) -> list[Delivery]:
        """Return the last callbacks, optionally of one task, oldest first."""
        with self.store.transaction() as db:
            return Outbox(db).listed(task_id)

    def content(self, content_id: str) -> tuple[str, bytes] | None:
        """Return the MIME type and bytes of stored content of either mode."""
        with self.store.transaction() as db:
            row = db.execute(
                "SELECT mime_type, body FROM contents WHERE id = ?", (content_id,)
            ).fetchone()
        return None if row is None else (row[0], row[1])

    def result(self, task_id: str, content_id: str) -> tuple[str, bytes] | None:
        """Return the MIME type and bytes of a result file of a task of either mode."""
        with self.store.transaction() as db:
            row = db.execute(
                "SELECT 1 FROM contents WHERE id = ? AND task_id = ?", (content_id, task_id)
            ).fetchone()
        return None if row is None else self.content(content_id)

    def seed(self, seed: Mapping[str, Any]) -> None:
        """Create everything in a seed, or nothing if it is invalid."""
        with self._both_modes() as transactions:
            load_seed(transactions, seed, self.account_id)

    def restore(self, snapshot: bytes) -> None:
        """Restore a snapshot, including the offset of the clock."""
        self.store.restore(snapshot)
        self.worker.abort_deliveries()
        account = self.store.account()
        self.account_id, self.secret = account.id, account.secret
        self.clock.reset(account.ahead)
        self.store.rewrite_links(self.origin)

    def reset(self) -> None:
        """Delete all resources and logs, and restore the initial settings."""
        self.transition = self._first_transition
        self.faults.reset()
        rate_limit, self.latency = self._first_traffic
        self.rate_limit = RateLimit(rate_limit)
        self.store.clear()
        self.worker.abort_deliveries()
        self.clock.reset()
        self.requests.clear()
