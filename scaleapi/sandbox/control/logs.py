"""Logs of requests and callbacks."""

from __future__ import annotations

from flask import Blueprint, Response

from ..base.errors import Refusal
from ..base.validation import invalid, number
from ..faults.rule_set import glob
from ..web import control_body, control_query, json_response, service

logs = Blueprint("logs", __name__)

_LONGEST_WAIT = 600


@logs.get("/deliveries")
def list_deliveries() -> Response:
    """List the last callbacks with every delivery attempt, oldest first."""
    task_id = control_query("task_id").text("task_id")
    return json_response([delivery.as_json() for delivery in service().deliveries(task_id)])


@logs.get("/requests")
def list_requests() -> Response:
    """List the last requests, oldest first, optionally only some of them."""
    wanted = control_query("after", "method", "path", "status")
    after = wanted.integer("after", 0, 0, 2**63 - 1)
    method, status = wanted.text("method"), wanted.integer("status", -1, -1, 599)
    path = None if wanted.text("path") is None else glob(wanted.required_text("path"))
    return json_response(
        [
            entry.as_json()
            for entry in list(service().requests)
            if entry.number > after
            and method in (None, entry.method)
            and status in (-1, entry.status)
            and (path is None or path.fullmatch(entry.path.partition("?")[0]))
        ]
    )


@logs.post("/callbacks/wait")
def wait_for_callbacks() -> Response:
    """Wait until all due tasks are completed and all due callbacks have been attempted."""
    timeout = number(control_body("timeout").get("timeout", 10), "timeout")
    if not 0 <= timeout <= _LONGEST_WAIT:
        raise invalid("timeout", f"must be between 0 and {_LONGEST_WAIT} seconds")
    if not service().worker.wait(timeout):
        raise Refusal(504, f"Some callbacks are still in progress after {timeout:g} seconds.")
    return json_response({"success": True})
