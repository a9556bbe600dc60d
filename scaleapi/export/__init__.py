"""Tasks out: exports, and annotations in the formats of training code."""

from __future__ import annotations

__all__: list[str] = []
