"""Evaluation and training tasks."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..base.errors import bad_request
from ..resources import idempotency
from ..resources.listing import PAGE_LIMIT
from ..resources.quality_tasks import create
from ..web import enabled_type, json_response, object_body, query, transaction

quality_tasks = Blueprint("quality_tasks", __name__)


@quality_tasks.post("/evaluation_tasks/<type_name>")
def create_evaluation_task(type_name: str) -> Response:
    """Create an evaluation task; an initial response makes it a review."""
    return _create(type_name, "expected_response", "initial_response")


@quality_tasks.post("/training_tasks/<type_name>")
def create_training_task(type_name: str) -> Response:
    """Create a training task."""
    return _create(type_name, "expected_response")


def _create(type_name: str, *responses: str) -> Response:
    known = enabled_type(type_name)
    body = object_body()
    key = request.headers.get("Idempotency-Key")
    with transaction() as tx:
        idempotency.check(tx, key)
        quality_task = create(tx, known, body, responses)
        idempotency.remember(tx, key, quality_task["id"])
    return json_response(quality_task)


@quality_tasks.get("/quality/labelers")
def list_attempts() -> Response:
    """Return the attempts of labelers at quality tasks: none, as the sandbox has no labelers."""
    wanted = query()
    limit = wanted.integer("limit", PAGE_LIMIT, 1, PAGE_LIMIT)
    if not wanted.texts("quality_task_ids") and not wanted.texts("labeler_emails"):
        raise bad_request(
            'Parameter is invalid, reason: "quality_task_ids" or "labeler_emails" is required'
        )
    return json_response({"docs": [], "total": 0, "limit": limit, "has_more": False})
