"""How often hypothesis tries: enough to find what there is, and over in a second."""

from __future__ import annotations

from hypothesis import settings

__all__ = ["quick"]

#: No example database, so that a run leaves nothing behind.
quick = settings(max_examples=150, deadline=None, database=None)
