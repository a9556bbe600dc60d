"""The service behind the HTTP surface: its settings, its two worlds, and work that falls due."""

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
from .base.modes import MODES, Mode
from .callbacks.delivery import Delivery
from .callbacks.outbox import Outbox
from .callbacks.worker import Worker
from .faults.fault import Fault, is_dashboard
from .faults.rule_set import Faults
from .http.server import Request
from .resources.transaction import TASK_NOT_FOUND, Transaction
from .rules.transitions import DEFAULT_TRANSITIONS, Transition
from .seeds.load import load_seed
from .storage.store import Store

_logger = logging.getLogger("scaleapi.sandbox")

_AT_ONCE = 500
_REQUESTS_KEPT = 1000


class Service:
    """Everything that one sandbox is, apart from its HTTP surface.

    Args:
        store: Where its state is kept.
        transition: How pending work gets done in both worlds; each world's own way if not given.
        keys: The world that each API key opens.
        callback_secrets: What authenticates the callbacks of each world.
        reach_anywhere: Whether hosts other than loopback may be reached.
        faults: The fault rules to begin with.
        disabled_types: The task types that the account does not have.

    Attributes:
        clock: The time it goes by.
        courier: The thread that does what falls due, callbacks among it.
        faults: The rules by which calls go wrong.
        origin: Its URL without a path, for links.
        requests: The last requests that were answered.
    """

    def __init__(
        self,
        store: Store,
        *,
        transition: Transition | None,
        keys: Mapping[str, Mode],
        callback_secrets: Mapping[str, str],
        reach_anywhere: bool = False,
        faults: Iterable[Fault] = (),
        disabled_types: Collection[str] = (),
    ) -> None:
        self.store = store
        self.transition = self._first_transition = transition
        self.keys = keys
        self.reach_anywhere = reach_anywhere
        self.disabled_types = disabled_types
        account = store.account()
        self.account_id, self.secret = account.id, account.secret
        self.clock = Clock(self._clock_advanced, account.ahead)
        self.worker = Worker(
            store,
            self.clock,
            lambda: self._do_due_work(self.clock.now()),
            callback_secrets,
            reach_anywhere=reach_anywhere,
        )
        self.faults = Faults(faults)
        self.origin = ""
        self._numbers = itertools.count(1)
        self.requests: deque[Request] = deque(maxlen=_REQUESTS_KEPT)

    def listen_at(self, origin: str) -> None:
        """Answer at this URL, which is without a path; links lead there from now on."""
        self.origin = origin
        self.store.rewrite_links(origin)

    def note(self, request: Request) -> None:
        """Keep and log a request; those of the dashboard are not kept, as it shows the others."""
        if not is_dashboard(request.path.partition("?")[0]):
            number, time = next(self._numbers), stamp(self.clock.now())
            self.requests.append(request._replace(number=number, time=time))
        _logger.info("%s %s %s %.1f ms", *request[:4])

    def _clock_advanced(self) -> None:
        self.store.store_clock_offset(self.clock.ahead)
        self.worker.wake()

    @contextmanager
    def open(self, name: Mode) -> Generator[Transaction]:
        """Open a world for one call: what the call changes holds as a whole, or not at all."""
        self._do_due_work(self.clock.now())
        with self.store.transaction() as db:
            # Told here, where one call follows another, the time puts them in order.
            tx = self._transaction(db, name, self.clock.now())
            yield tx
        if tx.next_due is not None:
            self.worker.wake_at(tx.next_due)

    @contextmanager
    def task_transaction(self, task_id: str) -> Generator[Transaction]:
        """Open the world that a task is in; 404 if it is in none."""
        with self.store.transaction() as db:
            row = db.execute("SELECT world FROM tasks WHERE task_id = ?", (task_id,)).fetchone()
        if row is None:
            raise not_found(TASK_NOT_FOUND)
        with self.open(cast(Mode, row[0])) as tx:
            yield tx

    @contextmanager
    def _both_modes(self) -> Generator[dict[str, Transaction]]:
        """Open both worlds at once: what is changed in them holds as a whole, or not at all."""
        self._do_due_work(self.clock.now())
        with self.store.transaction() as db:
            yield {name: self._transaction(db, name, self.clock.now()) for name in MODES}
        self.worker.wake()

    def _transaction(self, db: sqlite3.Connection, name: Mode, now: datetime) -> Transaction:
        transition = self.transition or DEFAULT_TRANSITIONS[name]
        return Transaction(self.store, db, name, now, transition, self.origin)

    def _do_due_work(self, now: datetime) -> None:
        """Do the work that has fallen due, each piece as of the time it was due."""
        while True:
            with self.store.transaction() as db:
                due = db.execute(
                    "SELECT world, task_id, due_at FROM tasks"
                    " WHERE due_at <= ? ORDER BY due_at LIMIT ?",
                    (stamp(now), _AT_ONCE),
                ).fetchall()
                for name, task_id, due_at in due:
                    tx = self._transaction(db, name, parse_stamp(due_at))
                    tx.work(tx.task(task_id))
            if len(due) < _AT_ONCE:
                return

    def deliveries(self, task_id: str | None = None) -> list[Delivery]:
        """Return the last callbacks (of a task) with every try to deliver them, oldest first."""
        with self.store.transaction() as db:
            return Outbox(db).listed(task_id)

    def content(self, content_id: str) -> tuple[str, bytes] | None:
        """Return the type and the bytes of stored content of either world."""
        with self.store.transaction() as db:
            row = db.execute(
                "SELECT mime_type, body FROM contents WHERE id = ?", (content_id,)
            ).fetchone()
        return None if row is None else (row[0], row[1])

    def result(self, task_id: str, content_id: str) -> tuple[str, bytes] | None:
        """Return the type and the bytes of a result file of a task of either world."""
        with self.store.transaction() as db:
            row = db.execute(
                "SELECT 1 FROM contents WHERE id = ? AND task_id = ?", (content_id, task_id)
            ).fetchone()
        return None if row is None else self.content(content_id)

    def seed(self, seed: Mapping[str, Any]) -> None:
        """Create everything that a seed lists, or nothing if something is wrong with it."""
        with self._both_modes() as transactions:
            load_seed(transactions, seed, self.account_id)

    def restore(self, snapshot: bytes) -> None:
        """Go back to a snapshot of the store, with the advance of its clock."""
        self.store.restore(snapshot)
        self.worker.drop()
        account = self.store.account()
        self.account_id, self.secret = account.id, account.secret
        self.clock.reset(account.ahead)
        self.store.rewrite_links(self.origin)

    def reset(self) -> None:
        """Forget every resource and request, and go back to the settings of the beginning."""
        self.transition = self._first_transition
        self.faults.reset()
        self.store.clear()
        self.worker.drop()
        self.clock.reset()
        self.requests.clear()
