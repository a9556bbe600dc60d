"""Callbacks that wait for delivery: what they tell, when they are tried, and how that went.

A callback is written down in the transaction that causes it, and stays until a receiver has
acknowledged it or every try has failed: nothing is lost with the process.
"""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from ..base.clock import parse_stamp, stamp
from ..base.documents import JsonObject, dumps
from ..storage.store import TASKS, DocumentTable, new_id

Event = Literal["completed", "error", "audited", "recalled", "batch_completed", "send_callback"]
State = Literal["pending", "delivered", "failed", "not_sent"]

FURTHER_TRIES = 20
"""How many tries follow one that failed."""

_FIRST_PAUSE = 10
_LONGEST_PAUSE = 7200
_LISTED = 1000

_COLUMNS = (
    "id, world, event, task_id, batch, target, state, reason, created_at, due_at, tries, body"
)


class Try(NamedTuple):
    """One try to deliver a callback.

    Attributes:
        time: When it began, by the sandbox's clock.
        status: The status of the answer, if one came.
        error: Why none came.
        milliseconds: How long it took.
    """

    time: str
    status: int | None
    error: str | None
    milliseconds: float

    @property
    def succeeded(self) -> bool:
        """Whether the receiver has acknowledged the callback."""
        return self.status is not None and 200 <= self.status < 300


class Delivery(NamedTuple):
    """A callback and its delivery.

    Attributes:
        id: Its own id.
        world: ``test`` or ``live``.
        event: What caused it: ``completed``, ``error``, ``audited``, ``recalled``,
            ``batch_completed`` or ``send_callback``.
        task_id: The task it is about, if it is about one.
        batch: The name of the batch it is about, if it is about one.
        target: Where it goes.
        state: ``pending``, ``delivered``, ``failed`` after the last try, or ``not_sent``.
        reason: Why nothing was sent.
        created_at: When it was caused.
        due_at: When the next try is planned, while it is pending.
        tries: What was tried, oldest first.
        body: What is posted.
    """

    id: str
    world: str
    event: Event
    task_id: str | None
    batch: str | None
    target: str
    state: State
    reason: str | None
    created_at: str
    due_at: str | None
    tries: list[Try]
    body: JsonObject

    @property
    def host(self) -> str:
        """Host, and port if it names one, of the target; empty for e-mail."""
        return host_of(self.target)

    def as_json(self) -> JsonObject:
        """Return it as an answer carries it."""
        return self._asdict() | {"tries": [one._asdict() for one in self.tries]}


def host_of(target: str) -> str:
    """Return the host of a target as its URL names it; empty for e-mail."""
    return urlsplit(target).netloc


def planned(created_at: str, tries: int) -> str | None:
    """Return when to try next, after so many tries have failed; nothing if that was the last.

    The second try comes 10 seconds after the first, and each pause is twice the one before, but
    at most two hours. The last of 20 further tries comes 22 hours and 50 minutes after the
    first: within 24 hours.
    """
    if tries > FURTHER_TRIES:
        return None
    pauses = (min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**number) for number in range(tries))
    return stamp(parse_stamp(created_at) + timedelta(seconds=sum(pauses)))


class Outbox:
    """The callbacks of both worlds, within one transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add_task(self, mode: str, event: Event, task: JsonObject, now: str) -> bool:
        """Queue the callback of a task, as the task is now; return whether it has a target."""
        body = {
            "task": task,
            "response": task.get("response"),
            "task_id": task["task_id"],
            "status": task["status"],
        }
        return self._add(mode, event, task.get("callback_url"), now, body, task["task_id"], None)

    def add_batch(self, mode: str, batch: JsonObject, counts: Mapping[str, int], now: str) -> bool:
        """Queue the callback of a batch that is completed; return whether it has a target."""
        body: JsonObject = {"batch": batch, "status": batch["status"], **counts}
        target = batch.get("callback")
        return self._add(mode, "batch_completed", target, now, body, None, batch["name"])

    def _add(
        self,
        mode: str,
        event: Event,
        target: str | None,
        now: str,
        body: JsonObject,
        task_id: str | None,
        batch: str | None,
    ) -> bool:
        if not target:
            return False
        row = (new_id(parse_stamp(now)), mode, event, task_id, batch, target, "pending", None)
        self._db.execute(
            f"INSERT INTO deliveries ({_COLUMNS}, host) VALUES ({', '.join('?' * 13)})",
            (*row, now, now, "[]", dumps(body), host_of(target)),
        )
        return True

    def next_due(
        self, now: str, in_progress: Collection[str], busy_hosts: Collection[str]
    ) -> Delivery | None:
        """Return the callback whose try has been due for longest.

        Args:
            now: The present time.
            in_progress: The ids of those that are being tried.
            busy_hosts: The hosts that get no more at present.
        """
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM deliveries WHERE due_at <= ?"
            f" AND id NOT IN ({', '.join('?' * len(in_progress))})"
            f" AND host NOT IN ({', '.join('?' * len(busy_hosts))})"
            " ORDER BY due_at, key LIMIT 1",
            (now, *in_progress, *busy_hosts),
        ).fetchone()
        return None if row is None else _delivery(row)

    def next_time(self, now: str) -> datetime | None:
        """Return when the next try, or the work on a task, falls due after now."""
        (first,) = self._db.execute(
            "SELECT MIN(first) FROM ("
            "SELECT MIN(due_at) AS first FROM deliveries WHERE due_at > ?"
            " UNION ALL SELECT MIN(due_at) FROM tasks WHERE due_at > ?)",
            (now, now),
        ).fetchone()
        return None if first is None else parse_stamp(first)

    def mark_not_sent(self, delivery: Delivery, reason: str) -> None:
        """Note that a callback is not to be sent."""
        self._db.execute(
            "UPDATE deliveries SET state = 'not_sent', reason = ?, due_at = NULL WHERE id = ?",
            (reason, delivery.id),
        )

    def note(self, delivery: Delivery, tried: Try) -> None:
        """Note a try: the callback is delivered, planned again or given up."""
        tries = [*delivery.tries, tried]
        due = None if tried.succeeded else planned(delivery.created_at, len(tries))
        state = "delivered" if tried.succeeded else "pending" if due else "failed"
        self._db.execute(
            "UPDATE deliveries SET state = ?, due_at = ?, tries = ? WHERE id = ?",
            (state, due, dumps(tries), delivery.id),
        )
        if due is None and delivery.task_id is not None:
            self._mark(delivery.world, delivery.task_id, succeeded=tried.succeeded)

    def _mark(self, mode: str, task_id: str, *, succeeded: bool) -> None:
        """Let a task show how its callback ended; that is no change of the task itself."""
        tasks = DocumentTable(self._db, TASKS, mode)
        task = tasks.get(task_id)
        if task is not None:
            tasks.change(task | {"callback_succeeded": succeeded, "callback_completed": succeeded})

    def listed(self, task_id: str | None = None) -> list[Delivery]:
        """Return the last 1,000 callbacks (of a task), oldest first."""
        return self._last("1") if task_id is None else self._last("task_id = ?", task_id)

    def of_batch(self, mode: str, batch: str) -> list[Delivery]:
        """Return the callbacks of a batch, oldest first: those of its tasks are not among them."""
        return self._last("world = ? AND batch = ?", mode, batch)

    def _last(self, condition: str, *values: str) -> list[Delivery]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM deliveries WHERE {condition}"
            f" ORDER BY key DESC LIMIT {_LISTED}",
            values,
        ).fetchall()
        return [_delivery(row) for row in reversed(rows)]


def _delivery(row: tuple[str, ...]) -> Delivery:
    found = Delivery._make(row)
    tries = [Try(*one) for one in json.loads(row[-2])]
    return found._replace(tries=tries, body=json.loads(row[-1]))
