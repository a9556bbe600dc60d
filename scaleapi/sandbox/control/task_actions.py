"""Task actions of annotators and auditors, for the control API, the dashboard and Python."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ..base.documents import JsonObject
from ..base.validation import check_json
from ..resources.transaction import Transaction
from ..rules import lifecycle
from ..service import Service


@contextmanager
def _transaction(service: Service, task_id: str) -> Generator[Transaction]:
    """Open a transaction in the mode of a task, after what is probed in order."""
    service.prober.wait_if_in_order()
    with service.task_transaction(task_id) as tx:
        yield tx


def complete(service: Service, task_id: str, response: JsonObject | None = None) -> JsonObject:
    """Complete a pending task; the default response is the canned one of its type."""
    with _transaction(service, task_id) as tx:
        return tx.complete(tx.task(task_id), response)


def fail(service: Service, task_id: str, error: str = lifecycle.ATTACHMENT_ERROR) -> JsonObject:
    """Turn a pending task into an error."""
    with _transaction(service, task_id) as tx:
        return tx.fail(tx.task(task_id), error)


def start_work(service: Service, task_id: str) -> JsonObject:
    """Start work on a pending task."""
    with _transaction(service, task_id) as tx:
        return tx.start_work(tx.task(task_id))


def recall(service: Service, task_id: str) -> JsonObject:
    """Return a completed task to pending; it stays there until it is completed explicitly."""
    with _transaction(service, task_id) as tx:
        return tx.recall(tx.task(task_id))


def fix(service: Service, task_id: str, response: JsonObject) -> JsonObject:
    """Replace the response of a completed task, as an auditor does."""
    with _transaction(service, task_id) as tx:
        task, entry = lifecycle.fix(tx.task(task_id), response, tx.now)
        return tx.record_audit(task, entry)


def audit(service: Service, task_id: str, *, accepted: bool, comment: str | None) -> JsonObject:
    """Accept or reject the result of a completed task."""
    with _transaction(service, task_id) as tx:
        return tx.audit(tx.task(task_id), accepted=accepted, comment=comment)


def cancel(service: Service, task_id: str) -> JsonObject:
    """Cancel a task on which work has not started."""
    with _transaction(service, task_id) as tx:
        return tx.cancel(tx.task(task_id))


class TaskActions:
    """The actions as methods, for `Sandbox`."""

    @property
    def _running(self) -> Service:
        raise NotImplementedError

    def complete(self, task_id: str, response: JsonObject | None = None) -> JsonObject:
        """Complete a pending task.

        Args:
            task_id: The task, in either mode.
            response: Its response; by default the canned one of its type.

        Returns:
            The task as the API returns it.

        Raises:
            Refusal: If there is no such task (404), it is not pending or the response is not JSON
                of at most 500 levels (400).
        """
        check_json(response, "The response")
        return complete(self._running, task_id, response)

    def fail(self, task_id: str, error: str = lifecycle.ATTACHMENT_ERROR) -> JsonObject:
        """Turn a pending task into an error, as when its attachments cannot be processed.

        Args:
            task_id: The task, in either mode.
            error: The error text of its response.

        Returns:
            The task as the API returns it.

        Raises:
            Refusal: If there is no such task (404) or it is not pending (400).
        """
        return fail(self._running, task_id, error)

    def start_work(self, task_id: str) -> JsonObject:
        """Start work on a pending task; it can no longer be canceled then.

        Args:
            task_id: The task, in either mode.

        Returns:
            The task as the API returns it.

        Raises:
            Refusal: If there is no such task (404) or it is not pending (400).
        """
        return start_work(self._running, task_id)

    def recall(self, task_id: str) -> JsonObject:
        """Return a completed task to pending; it stays there until `complete` is called.

        Args:
            task_id: The task, in either mode.

        Returns:
            The task as the API returns it.

        Raises:
            Refusal: If there is no such task (404) or it is not completed (400).
        """
        return recall(self._running, task_id)

    def fix(self, task_id: str, response: JsonObject) -> JsonObject:
        """Replace the response of a completed task, as an auditor does.

        Args:
            task_id: The task, in either mode.
            response: The corrected response.

        Returns:
            The task as the API returns it.

        Raises:
            Refusal: If there is no such task (404), it is not completed or the response is not JSON
                of at most 500 levels (400).
        """
        check_json(response, "The response")
        return fix(self._running, task_id, response)
