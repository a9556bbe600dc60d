"""A callback, and the attempts to deliver it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from ..base.documents import JsonObject
from ..rules.statuses import DeliveryState, Event


class Try(NamedTuple):
    """An attempt to deliver a callback.

    Attributes:
        time: When it started, on the sandbox's clock.
        status: The HTTP status of the response, if there was one.
        error: Why there was no response.
        milliseconds: Its duration.
    """

    time: str
    status: int | None
    error: str | None
    milliseconds: float

    @property
    def succeeded(self) -> bool:
        """Whether the receiver acknowledged the callback with a 2xx status."""
        return self.status is not None and 200 <= self.status < 300


class Delivery(NamedTuple):
    """A callback and the state of its delivery.

    Attributes:
        id: Its id.
        mode: The mode, ``test`` or ``live``.
        event: What triggered it: ``completed``, ``error``, ``audited``, ``recalled``,
            ``batch_completed`` or ``send_callback``.
        task_id: The task, for callbacks of tasks.
        batch: The name of the batch, for callbacks of batches.
        target: The URL or email address.
        state: ``pending``, ``delivered``, ``failed`` after the last attempt, or ``not_sent``.
        reason: Why it was not sent.
        created_at: When it was triggered.
        due_at: When the next attempt is due, while it is pending.
        tries: The attempts so far, oldest first.
        body: The JSON payload.
    """

    id: str
    mode: str
    event: Event
    task_id: str | None
    batch: str | None
    target: str
    state: DeliveryState
    reason: str | None
    created_at: str
    due_at: str | None
    tries: list[Try]
    body: JsonObject

    @property
    def host(self) -> str:
        """Host of the target, with the port if the URL has one; empty for email."""
        return host_of(self.target)

    def as_json(self) -> JsonObject:
        """Return it as JSON."""
        return self._asdict() | {"tries": [one._asdict() for one in self.tries]}


def host_of(target: str) -> str:
    """Return the host of a target, with the port if the URL has one; empty for email."""
    return urlsplit(target).netloc
