"""The statuses that the API knows, and those of callbacks."""

from __future__ import annotations

from typing import Literal

Event = Literal["completed", "error", "audited", "recalled", "batch_completed", "send_callback"]
"""What triggers a callback."""

DeliveryState = Literal["pending", "delivered", "failed", "not_sent"]
"""State of the delivery of a callback."""

TASK_STATUSES = ("pending", "completed", "canceled", "error")
"""Statuses of a task."""

REVIEW_STATUSES = ("pending", "accepted", "fixed", "rejected", "commented")
"""Values of a task's ``customer_review_status``; a task without one counts as pending."""

BATCH_STATUSES = ("staging", "in_progress", "completed", "paused", "cancelled")
"""Statuses of a batch."""
