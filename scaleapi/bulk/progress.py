"""How far a bulk creation is: a bar of tqdm, or the caller's own display."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..exceptions import ScaleArgumentError
from .result import RowOutcome

__all__ = ["Progress", "Show", "display_of", "shown_while"]

_T = TypeVar("_T")


@dataclass
class Progress:
    """How far a bulk creation is.

    Attributes:
        total: How many rows there are, ``None`` if that is not known.
        created: Rows whose tasks were made.
        existing: Rows whose tasks were there before.
        failed: Rows that failed.
        checked: Rows that a dry run found nothing wrong with.
        seconds: How long it has been running.
    """

    total: int | None = None
    created: int = 0
    existing: int = 0
    failed: int = 0
    checked: int = 0
    seconds: float = 0.0
    _begun: float = field(default_factory=time.monotonic, repr=False)

    @property
    def done(self) -> int:
        """How many rows are through."""
        return self.created + self.existing + self.failed + self.checked

    @property
    def rate(self) -> float:
        """Rows per second."""
        return self.done / self.seconds if self.seconds > 0.0 else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds that it will take from now, ``None`` if that cannot be told."""
        if self.total is None or self.rate == 0.0:
            return None
        return max(0, self.total - self.done) / self.rate

    def count(self, status: str) -> None:
        """Count a row that is through."""
        setattr(self, status, getattr(self, status) + 1)
        self.seconds = time.monotonic() - self._begun


#: Called after each row.
Show = Callable[[Progress], object]


class _Bar:
    """A bar of tqdm."""

    def __init__(self, tqdm: Any) -> None:
        self._tqdm = tqdm
        self._bar: Any = None

    def __call__(self, progress: Progress) -> None:
        if self._bar is None:
            self._bar = self._tqdm(total=progress.total, unit="row", dynamic_ncols=True)
        counts = {"failed": progress.failed, "existing": progress.existing}
        self._bar.set_postfix({name: n for name, n in counts.items() if n}, refresh=False)
        self._bar.update(progress.done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None  # the next run has one of its own


def display_of(progress: bool | Show | None) -> Show | None:
    """Return what shows the progress, ``None`` for nothing.

    Args:
        progress: ``None`` for a bar if tqdm is installed and there is somebody to see it,
            ``True`` for a bar, ``False`` for nothing, or a function.

    Raises:
        ScaleArgumentError: It is something else, or there is no tqdm for ``True``.
    """
    if progress is False or (progress is None and not _is_watched()):
        return None
    if callable(progress):
        return progress
    if progress is not None and progress is not True:
        raise ScaleArgumentError("progress", "must be True, False, None or a function")
    try:
        return _Bar(importlib.import_module("tqdm.auto").tqdm)
    except ImportError:
        if progress:
            raise ScaleArgumentError(
                "progress", "must not be True without tqdm: pip install 'scaleapi[progress]'"
            ) from None
        return None


def _is_watched() -> bool:
    """Return whether the output is a terminal or a notebook."""
    try:
        return sys.stderr.isatty() or "ipykernel" in sys.modules
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False


def shown_while(
    outcomes: Iterable[RowOutcome[_T]], show: Show, total: int | None
) -> Generator[RowOutcome[_T], None, None]:
    """Yield outcomes, and show how far they are."""
    progress = Progress(total)
    try:
        for outcome in outcomes:
            progress.count(outcome.status)
            show(progress)
            yield outcome
    finally:
        if isinstance(show, _Bar):
            show.close()
