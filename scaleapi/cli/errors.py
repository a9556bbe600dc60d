"""Errors that the command reports in one line."""

from __future__ import annotations

__all__ = ["UsageError"]


class UsageError(Exception):
    """The command cannot be carried out as it was given; its exit status is 2."""
