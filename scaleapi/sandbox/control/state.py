"""The state of the sandbox: description, transition, seeds, snapshots and reset."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..base.clock import stamp
from ..base.errors import bad_request
from ..base.validation import text
from ..rules.transitions import Transition
from ..web import json_response, object_body, origin, service

state = Blueprint("state", __name__)


@state.get("/")
def describe() -> Response:
    """Return the URL of the API, the time and the transition."""
    here = service()
    transition = None if here.transition is None else str(here.transition)
    return json_response(
        {"url": f"{origin()}/v1", "now": stamp(here.clock.now()), "transition": transition}
    )


@state.post("/transition")
def set_transition() -> Response:
    """Set the transition of tasks that are created from now on."""
    rule = text(object_body(), "transition")
    try:
        service().transition = None if rule is None else Transition.parse(rule)
    except ValueError as error:
        raise bad_request(str(error)) from None
    return describe()


@state.post("/seed")
def seed() -> Response:
    """Create everything in a seed."""
    service().seed(object_body())
    return json_response({"success": True})


@state.get("/snapshot")
def take_snapshot() -> Response:
    """Return a snapshot of the whole state."""
    return Response(service().store.snapshot(), content_type="application/octet-stream")


@state.post("/restore")
def restore() -> Response:
    """Restore the snapshot in the request body."""
    service().restore(request.get_data(cache=False))
    return json_response({"success": True})


@state.post("/reset")
def reset() -> Response:
    """Delete all resources and logs."""
    object_body()
    service().reset()
    return json_response({"success": True})
