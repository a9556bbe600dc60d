"""Settings for Hypothesis: enough examples to find bugs, in well under a second."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

__all__ = ["quick"]

#: No example database, so that a run leaves nothing behind. A busy machine is no failure.
quick = settings(
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
