"""What became of the rows of a bulk creation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from ..exceptions import ScaleArgumentError

__all__ = ["BulkResult", "RowOutcome"]

_T = TypeVar("_T")

#: What can become of a row; ``checked`` only in a dry run.
Status = Literal["created", "existing", "failed", "checked"]


@dataclass(frozen=True)
class RowOutcome(Generic[_T]):
    """What became of one row.

    Attributes:
        number: The row's place in the input, from 0.
        row: The row, as it was read.
        status: ``"created"``, ``"existing"`` (a task with its ``unique_id`` or key was there, or
            an earlier run with this journal made it), ``"failed"``, or ``"checked"`` by a dry run.
        task: Its task, ``None`` if it has none. That of a row which the journal has as done
            holds its id only: call ``refresh()`` for the rest.
        error: Why it has none, ``None`` if it has one.
    """

    number: int
    row: Mapping[str, Any]
    status: Status
    task: _T | None = None
    error: Exception | None = None


@dataclass
class BulkResult(Generic[_T]):
    """What became of all rows.

    Attributes:
        created: Rows whose tasks were made.
        existing: Rows whose tasks were there before.
        failed: Rows without a task, each with its error.
        checked: Rows that a dry run found nothing wrong with.
    """

    created: list[RowOutcome[_T]] = field(default_factory=list)
    existing: list[RowOutcome[_T]] = field(default_factory=list)
    failed: list[RowOutcome[_T]] = field(default_factory=list)
    checked: list[RowOutcome[_T]] = field(default_factory=list)
    _again: Callable[[list[RowOutcome[_T]]], BulkResult[_T]] | None = field(
        default=None, repr=False, compare=False
    )

    @property
    def tasks(self) -> list[_T]:
        """The tasks of all rows that have one, in the order of the rows."""
        found = sorted([*self.created, *self.existing], key=lambda outcome: outcome.number)
        return [outcome.task for outcome in found if outcome.task is not None]

    def add(self, outcomes: Iterable[RowOutcome[_T]]) -> None:
        """Add outcomes, each to its list."""
        for outcome in outcomes:
            getattr(self, outcome.status).append(outcome)

    def retry_failed(self) -> BulkResult[_T]:
        """Try the rows that failed again, each under the idempotency key that it had.

        Returns:
            The result of all rows, with what the second try changed.

        Raises:
            ScaleArgumentError: This is a copy, which does not know the call that it came from.
        """
        if self._again is None:
            raise ScaleArgumentError("retry_failed", "needs the result that the call returned")
        result = BulkResult([*self.created], [*self.existing], [], [*self.checked], self._again)
        if self.failed:
            again = self._again(self.failed)
            result.created += again.created
            result.existing += again.existing
            result.failed += again.failed
            result.checked += again.checked
        return result

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_again"}

    def __repr__(self) -> str:
        lists = ("created", "existing", "failed", "checked")
        counts = [f"{name}={len(getattr(self, name))}" for name in lists]
        return f"BulkResult({', '.join(counts if self.checked else counts[:3])})"
