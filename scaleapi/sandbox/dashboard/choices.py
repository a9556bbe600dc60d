"""Names to choose from in filters."""

from __future__ import annotations

from ..resources.transaction import Transaction

_MOST = 300
"""Most names in a select; with more of them, a text field is offered."""


def project_names(tx: Transaction) -> list[str] | None:
    """Return the names of all projects in alphabetical order; None if there are too many."""
    rows = tx.db.execute(
        "SELECT name FROM projects WHERE world = ? LIMIT ?", (tx.mode, _MOST + 1)
    ).fetchall()
    return _sorted(rows)


def batch_names(tx: Transaction, project: str | None) -> list[str] | None:
    """Return the names of all batches, or those of a project; None if there are too many."""
    rows = tx.db.execute(
        "SELECT name FROM batches WHERE world = ? AND (? IS NULL OR project = ?) LIMIT ?",
        (tx.mode, project, project, _MOST + 1),
    ).fetchall()
    return _sorted(rows)


def _sorted(rows: list[tuple[str]]) -> list[str] | None:
    return None if len(rows) > _MOST else sorted((name for (name,) in rows), key=str.casefold)
