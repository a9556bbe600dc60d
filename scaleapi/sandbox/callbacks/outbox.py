"""The outbox: callbacks, stored until they are delivered.

A callback is stored in the transaction that triggers it and stays until a receiver acknowledges it
or every attempt has failed, so none is lost if the process dies.
"""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from ..base.clock import parse_stamp, stamp
from ..base.documents import JsonObject, dumps
from ..rules.statuses import Event
from ..storage.store import DocumentTable
from ..storage.tables import TASKS
from .delivery import Delivery, Try, host_of

FURTHER_TRIES = 20
"""Number of retries after the first attempt."""

_FIRST_DELAY = 10
_LONGEST_DELAY = 7200
_LISTED = 1000

_COLUMNS = (
    "id, world, event, task_id, batch, target, state, reason, created_at, due_at, tries, body"
)


def next_attempt(created_at: str, tries: int) -> str | None:
    """Return when the next attempt is due after this many failures, or None after the last.

    The delay starts at 10 seconds and doubles with each attempt, up to two hours. The last of the
    20 retries comes 22 hours and 50 minutes after the first attempt: within 24 hours.
    """
    if tries > FURTHER_TRIES:
        return None
    delays = (min(_LONGEST_DELAY, _FIRST_DELAY * 2**number) for number in range(tries))
    try:
        return stamp(parse_stamp(created_at) + timedelta(seconds=sum(delays)))
    except OverflowError:  # A seed may say that it was created at the end of all time.
        return None


class Outbox:
    """The callbacks of both modes, within one transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add_task(
        self, callback_id: str, mode: str, event: Event, task: JsonObject, now: str
    ) -> bool:
        """Queue the callback of a task in its current state; return whether it has a target."""
        body = {
            "task": task,
            "response": task.get("response"),
            "task_id": task["task_id"],
            "status": task["status"],
        }
        row = (callback_id, mode, event, task["task_id"], None, task.get("callback_url"))
        return self._add(row, now, body)

    def add_batch(
        self, callback_id: str, mode: str, batch: JsonObject, counts: Mapping[str, int], now: str
    ) -> bool:
        """Queue the callback of a completed batch; return whether it has a target."""
        body: JsonObject = {"batch": batch, "status": batch["status"], **counts}
        target = batch.get("callback")
        row = (callback_id, mode, "batch_completed", None, batch["name"], target)
        return self._add(row, now, body)

    def _add(self, row: tuple[str | None, ...], now: str, body: JsonObject) -> bool:
        target = row[-1]
        if not target:
            return False
        self._db.execute(
            f"INSERT INTO deliveries ({_COLUMNS}, host) VALUES ({', '.join('?' * 13)})",
            (*row, "pending", None, now, now, "[]", dumps(body), host_of(target)),
        )
        return True

    def next_due(
        self, now: str, in_progress: Collection[str], busy_hosts: Collection[str]
    ) -> Delivery | None:
        """Return the callback that has been due the longest.

        Args:
            now: The current time.
            in_progress: Ids of callbacks that are being delivered.
            busy_hosts: Hosts that must not get another callback yet.
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
        """Return when the next callback or task falls due after now."""
        (first,) = self._db.execute(
            "SELECT MIN(first) FROM ("
            "SELECT MIN(due_at) AS first FROM deliveries WHERE due_at > ?1"
            " UNION ALL SELECT MIN(due_at) FROM tasks WHERE world = 'test' AND due_at > ?1"
            " UNION ALL SELECT MIN(due_at) FROM tasks WHERE world = 'live' AND due_at > ?1)",
            (now,),
        ).fetchone()
        return None if first is None else parse_stamp(first)

    def mark_not_sent(self, delivery: Delivery, reason: str) -> None:
        """Mark a callback as one that will not be sent."""
        self._db.execute(
            "UPDATE deliveries SET state = 'not_sent', reason = ?, due_at = NULL WHERE id = ?",
            (reason, delivery.id),
        )

    def record(self, delivery: Delivery, attempt: Try) -> None:
        """Record an attempt: the callback is delivered, scheduled again or failed."""
        tries = [*delivery.tries, attempt]
        due = None if attempt.succeeded else next_attempt(delivery.created_at, len(tries))
        state = "delivered" if attempt.succeeded else "pending" if due else "failed"
        self._db.execute(
            "UPDATE deliveries SET state = ?, due_at = ?, tries = ? WHERE id = ?",
            (state, due, dumps(tries), delivery.id),
        )
        if due is None and delivery.task_id is not None:
            self._mark(delivery.mode, delivery.task_id, succeeded=attempt.succeeded)

    def _mark(self, mode: str, task_id: str, *, succeeded: bool) -> None:
        """Store the outcome on the task, without touching its ``updated_at``."""
        tasks = DocumentTable(self._db, TASKS, mode)
        task = tasks.get(task_id)
        if task is not None:
            tasks.change(task | {"callback_succeeded": succeeded, "callback_completed": succeeded})

    def listed(self, task_id: str | None = None) -> list[Delivery]:
        """Return the last 1,000 callbacks, optionally of one task, oldest first."""
        return self._last("1") if task_id is None else self._last("task_id = ?", task_id)

    def of_batch(self, mode: str, batch: str) -> list[Delivery]:
        """Return the callbacks of a batch itself, not of its tasks, oldest first."""
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
