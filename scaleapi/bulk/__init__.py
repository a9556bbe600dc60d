"""Many tasks at once: read from a file or an iterable, created once each, resumable."""

from .pace import Limiter, RateLimiter
from .progress import Progress
from .result import BulkResult, RowOutcome

__all__ = ["BulkResult", "Limiter", "Progress", "RateLimiter", "RowOutcome"]
