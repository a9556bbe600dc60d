"""The statuses that the API knows."""

from __future__ import annotations

TASK_STATUSES = ("pending", "completed", "canceled", "error")
"""Statuses of a task."""

REVIEW_STATUSES = ("pending", "accepted", "fixed", "rejected", "commented")
"""Values of a task's ``customer_review_status``; a task without one counts as pending."""

BATCH_STATUSES = ("staging", "in_progress", "completed", "paused", "cancelled")
"""Statuses of a batch."""
