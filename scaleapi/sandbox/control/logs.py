"""Logs of requests and callbacks."""

from __future__ import annotations

from flask import Blueprint, Response

from ..web import json_response, query, service

logs = Blueprint("logs", __name__)


@logs.get("/deliveries")
def list_deliveries() -> Response:
    """List the last callbacks with every delivery attempt, oldest first."""
    task_id = query().text("task_id")
    return json_response([delivery.as_json() for delivery in service().deliveries(task_id)])


@logs.get("/requests")
def list_requests() -> Response:
    """List the last requests, oldest first."""
    return json_response([entry.as_json() for entry in list(service().requests)])
