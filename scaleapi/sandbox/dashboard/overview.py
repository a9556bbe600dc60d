"""The overview: the URL of the sandbox, and tasks by status and over time."""

from __future__ import annotations

from flask import Blueprint, Response

from ..base.modes import MODES, Mode
from ..resources.listing import Where
from ..resources.transaction import Transaction
from ..rules.statuses import TASK_STATUSES
from ..rules.transitions import DEFAULT_TRANSITIONS
from ..web import origin, service, transaction
from .charts import task_charts
from .page import no_tasks, other_mode, render
from .task_search import task_rows

overview = Blueprint("overview", __name__)

_LATEST = 10


@overview.get("/")
def show() -> Response:
    """Show the counts of both modes and the latest tasks of the selected mode."""
    here = service()
    with transaction() as tx:
        latest, _ = task_rows(tx, Where(tx.mode), _LATEST)
        charts = task_charts(tx, Where(tx.mode))
        counts = {mode: {one: _count(tx, mode, one) for one in TASK_STATUSES} for mode in MODES}
    return render(
        "overview.html",
        address=f"{origin()}/v1",
        counts=counts,
        transitions={mode: here.transition or DEFAULT_TRANSITIONS[mode] for mode in MODES},
        latest=latest,
        charts=charts,
        empty=no_tasks(elsewhere=any(counts[other_mode()].values())),
    )


def _count(tx: Transaction, mode: Mode, status: str) -> int:
    return tx.store.total(
        "SELECT COUNT(*) FROM tasks WHERE world = ? AND status = ?", (mode, status)
    )
