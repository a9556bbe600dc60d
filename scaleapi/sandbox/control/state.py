"""The state of the sandbox: description, transition, seeds, snapshots and reset."""

from __future__ import annotations

import tempfile

from flask import Blueprint, Response, request
from werkzeug.wsgi import FileWrapper, get_input_stream

from ..base.clock import stamp
from ..base.errors import bad_request
from ..base.validation import text
from ..rules.transitions import Transition
from ..web import control_body, control_query, json_response, object_body, origin, service

state = Blueprint("state", __name__)

_PIECE = 65_536


@state.get("/")
def describe() -> Response:
    """Return URLs, keys, secrets, the time and the transition."""
    here = service()
    return json_response(
        {
            "url": f"{origin()}/v1",
            "dashboard": f"{origin()}/",
            "keys": {mode: key for key, mode in here.keys.items()},
            "callback_secrets": dict(here.callback_secrets),
            "now": stamp(here.clock.now()),
            "empty": here.is_empty,
            "transition": None if here.transition is None else str(here.transition),
        }
    )


@state.post("/transition")
def set_transition() -> Response:
    """Set the transition of tasks that are created from now on; null restores the default."""
    body = control_body("transition")
    if not body:
        raise bad_request(
            'The request body must have "transition": a text such as "after 5s", or null for the'
            " default of each mode."
        )
    rule = text(body, "transition")
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


@state.get("/export")
def export() -> Response:
    """Return a seed that recreates the state."""
    control_query()
    return json_response(service().export())


@state.get("/snapshot")
def take_snapshot() -> Response:
    """Return a snapshot of the whole state, of any size."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # The end of the response closes it.
    service().store.write_snapshot(file)
    size = file.tell()
    file.seek(0)
    response = Response(
        FileWrapper(file, _PIECE), content_type="application/octet-stream", direct_passthrough=True
    )
    response.content_length = size
    response.call_on_close(file.close)
    return response


@state.post("/restore")
def restore() -> Response:
    """Restore the snapshot in the request body, of any size."""
    service().restore(get_input_stream(request.environ))
    return json_response({"success": True})


@state.post("/reset")
def reset() -> Response:
    """Delete all resources and logs."""
    control_body()
    service().reset()
    return json_response({"success": True})
