"""Many tasks at once: read from a file or an iterable, created once each, resumable."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pace import Limiter, RateLimiter
    from .progress import Progress
    from .result import BulkResult, RowOutcome

__all__ = ["BulkResult", "Limiter", "Progress", "RateLimiter", "RowOutcome"]

#: The module that each name comes from. They are loaded when they are used: every client is made
#: from a class of this package.
_HOMES = {
    "BulkResult": "result",
    "Limiter": "pace",
    "Progress": "progress",
    "RateLimiter": "pace",
    "RowOutcome": "result",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a name when it is first used."""
        from importlib import import_module  # noqa: PLC0415 - as late as what it is for

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
