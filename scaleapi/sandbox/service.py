"""The service behind the HTTP API: settings, transactions and due work."""

from __future__ import annotations

import itertools
import json
import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any, cast

from .base.clock import Clock, parse_stamp, stamp
from .base.documents import JsonObject
from .base.errors import not_found
from .base.hosts import Hosts
from .base.modes import MODES, Mode
from .callbacks.delivery import Delivery
from .callbacks.outbox import Outbox
from .callbacks.worker import Worker
from .faults.fault import Fault, is_exempt
from .faults.rule_set import Faults
from .faults.traffic import NO_LATENCY, Latency, RateLimit
from .http.request_log import Request
from .links.broken_attachments import probed
from .links.prober import ProbeJob, Prober
from .resources.transaction import TASK_NOT_FOUND, Transaction
from .rules.attachments import attachment_urls
from .rules.transitions import DEFAULT_TRANSITIONS, Transition
from .seeds.export import export_seed
from .seeds.load import load_seed
from .storage.snapshots import Readable
from .storage.store import Store

_logger = logging.getLogger("scaleapi.sandbox")

_CHUNK_SIZE = 500
_LOGGED_REQUESTS = 1000
_BUSY_SECONDS = 0.05


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
        prober: Probes attachments in the background.
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
        self.callback_secrets = callback_secrets
        self.allowed_hosts = allowed_hosts or Hosts()
        self.reachable = reachable or Hosts()
        self.disabled_types = disabled_types
        account = store.account()
        self.account_id, self.secret = account.id, account.secret
        self.clock = Clock(self._clock_moved, account.ahead, account.frozen_at, store.lock)
        # A mode first, then the store: a seed holds its modes while others use the store.
        self._modes = {mode: threading.RLock() for mode in MODES}
        self.worker = Worker(
            store,
            self.clock,
            self._do_all_due_work,
            callback_secrets,
            self.reachable,
        )
        self.prober = Prober(self._record_probe, in_order=store.ids.are_reproducible)
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

    def start(self) -> None:
        """Start due work, and what an earlier process has left to do."""
        self.worker.start()
        self._resume_probes()

    def stop_probes(self) -> None:
        """Stop probing; requests that wait for it go on. The next start probes what is left."""
        with self.store.lock:
            self.prober.stop()

    def stop(self) -> None:
        """Stop due work; what is left stays in the database."""
        self.worker.stop()

    def log_request(self, request: Request) -> None:
        """Log a request; those to the dashboard and the control API are not added to the list."""
        if not is_exempt(request.path.partition("?")[0]):
            number, time = next(self._numbers), stamp(self.clock.now())
            self.requests.append(request._replace(number=number, time=time))
        _logger.info("%s %s %s %.1f ms", *request[:4])

    def _clock_moved(self) -> None:
        frozen_at = self.clock.now().isoformat() if self.clock.frozen else None
        self.store.store_clock(self.clock.ahead, frozen_at)
        self.worker.wake()

    @contextmanager
    def transaction(self, mode: Mode) -> Generator[Transaction]:
        """Open a transaction for one request."""
        with self._modes[mode], self._without_due_work(mode) as now:
            with self.store.transaction() as db:
                tx = self._transaction(self.store, db, mode, now)
                yield tx
            self._probe(tx.new_probes)
            if tx.next_due is not None:
                self.worker.wake_at(tx.next_due)

    @contextmanager
    def task_transaction(self, task_id: str) -> Generator[Transaction]:
        """Open a transaction in the mode of a task; raise 404 if there is no such task."""
        self.prober.wait_briefly()
        with self.store.transaction() as db:
            row = db.execute("SELECT world FROM tasks WHERE task_id = ?", (task_id,)).fetchone()
        if row is None:
            raise not_found(TASK_NOT_FOUND)
        with self.transaction(cast(Mode, row[0])) as tx:
            yield tx

    @contextmanager
    def _without_due_work(self, mode: Mode) -> Generator[datetime]:
        """Hold the store at a time at which nothing is due in a mode; yield the time.

        Neither the clock nor the state can change until the end of the block.
        """
        while True:
            with self.store.lock:
                now = self.clock.now()
                if self._do_due_work(mode, now):
                    yield now
                    return
            _let_others_in()

    def _transaction(
        self, store: Store, db: sqlite3.Connection, mode: Mode, now: datetime
    ) -> Transaction:
        transition = self.transition or DEFAULT_TRANSITIONS[mode]
        return Transaction(store, db, mode, now, transition, self.origin)

    def _probe(self, tasks: Iterable[JsonObject]) -> None:
        for task in tasks:
            self.prober.add(task["task_id"], probed(attachment_urls(task["params"])))

    def _resume_probes(self) -> None:
        """Probe what the state says has not been probed."""
        with self.store.transaction() as db:
            rows = db.execute(
                "SELECT body FROM probes JOIN tasks USING (task_id)"
                " JOIN documents ON documents.key = tasks.key ORDER BY probes.key"
            ).fetchall()
            for (body,) in rows:
                task = json.loads(body)
                if probed(attachment_urls(task["params"])):
                    self._probe([task])
                else:  # A seed may say that any task must be probed.
                    db.execute("DELETE FROM probes WHERE task_id = ?", (task["task_id"],))

    def _record_probe(self, job: ProbeJob) -> None:
        with self.store.transaction() as db:
            if not self.prober.is_wanted(job):
                return
            query = "SELECT world FROM tasks WHERE task_id = ?"
            (mode,) = db.execute(query, (job.task_id,)).fetchone()
            tx = self._transaction(self.store, db, mode, self.clock.now())
            tx.record_probe(job.task_id, job.statuses)
        self.worker.wake()

    def _do_all_due_work(self) -> bool:
        """Process the tasks that are due; return False if some must wait for a seed or a probe."""
        done = [self._do_work_of(mode) for mode in MODES]
        return all(done) and not self.prober.busy

    def _do_work_of(self, mode: Mode) -> bool:
        while self._modes[mode].acquire(timeout=_BUSY_SECONDS):
            try:
                with self.store.lock:
                    if self._do_due_work(mode, self.clock.now()):
                        return True
            finally:
                self._modes[mode].release()
            _let_others_in()
        return False

    def _do_due_work(self, mode: Mode, now: datetime) -> bool:
        """Process some tasks that are due, each as of its due time; return whether it was all."""
        with self.store.transaction() as db:
            due = db.execute(
                "SELECT task_id, due_at FROM tasks WHERE world = ? AND due_at <= ?"
                " AND task_id NOT IN (SELECT task_id FROM probes) ORDER BY due_at, key LIMIT ?",
                (mode, stamp(now), _CHUNK_SIZE),
            ).fetchall()
            for task_id, due_at in due:
                tx = self._transaction(self.store, db, mode, parse_stamp(due_at))
                tx.work(tx.task(task_id))
        return len(due) < _CHUNK_SIZE

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
        """Create everything in a seed, or nothing if it is invalid.

        A long seed blocks only the modes that it has a part for.
        """
        modes: list[Mode] = [mode for mode in MODES if mode in seed]
        with ExitStack() as stack:
            for mode in modes:
                stack.enter_context(self._modes[mode])
            for mode in modes:
                with self._without_due_work(mode):
                    pass
            with self.store.staged() as store, store.transaction() as db:
                now = self.clock.now()
                transactions: dict[str, Transaction] = {}
                for mode in MODES:
                    transactions[mode] = self._transaction(store, db, mode, now)
                load_seed(transactions, seed, self.account_id)
        self._resume_probes()
        self.worker.wake()

    @property
    def is_empty(self) -> bool:
        """Whether neither mode has any resource."""
        with self.store.transaction() as db:
            return db.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None

    def export(self) -> JsonObject:
        """Return a seed that recreates the state."""
        with ExitStack() as stack:
            for mode in MODES:
                stack.enter_context(self._modes[mode])
            times = [stack.enter_context(self._without_due_work(mode)) for mode in MODES]
            with self.store.transaction() as db:
                return export_seed(db, self.origin, times[-1])

    def restore(self, snapshot: bytes | Readable) -> None:
        """Restore a snapshot, including the setting of the clock, all or nothing."""
        self.store.restore(snapshot, self.origin, self._state_replaced)

    def _state_replaced(self) -> None:
        """Forget what belonged to the state before."""
        self.worker.abort_deliveries(discard=True)
        self.prober.discard()
        account = self.store.account()
        self.account_id, self.secret = account.id, account.secret
        self.clock.load(account.ahead, account.frozen_at)
        self._resume_probes()
        self.worker.wake()

    def reset(self) -> None:
        """Delete all resources and logs, and restore the initial settings."""
        with self.store.lock:
            self.store.clear()
            self._state_replaced()
            self.transition = self._first_transition
            self.faults.reset()
            rate_limit, self.latency = self._first_traffic
            self.rate_limit = RateLimit(rate_limit)
            self.requests.clear()


def _let_others_in() -> None:
    """Give other threads a chance between two pieces of long work: locks are not fair."""
    time.sleep(0.001)
