"""The sandbox's own surface: what in the real service only time and people do.

No key guards it, so a page in a browser must not reach it: every write needs a content type
that no form can send.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, request

from ..base.clock import stamp
from ..base.errors import Refusal, bad_request, not_found
from ..base.validation import json_object, number, text
from ..faults.fault import Fault
from ..faults.text import parse_fault
from ..rules.transitions import Transition
from ..web import json_response, object_body, query, service
from .task_actions import complete, fail, fix, recall, start_work

control = Blueprint("control", __name__)

_SENT_BY_NO_FORM = ("application/json", "application/octet-stream")


@control.before_request
def _guard() -> None:
    if request.method != "GET" and request.mimetype not in _SENT_BY_NO_FORM:
        raise Refusal(403, f"The Content-Type must be {' or '.join(_SENT_BY_NO_FORM)}.")


@control.get("/")
def describe() -> Response:
    """Answer where the sandbox is and how it goes by."""
    here = service()
    transition = None if here.transition is None else str(here.transition)
    return json_response(
        {"url": f"{here.origin}/v1", "now": stamp(here.clock.now()), "transition": transition}
    )


@control.get("/clock")
def show_clock() -> Response:
    """Answer the time on the sandbox's clock."""
    return json_response({"now": stamp(service().clock.now())})


@control.post("/clock")
def advance_clock() -> Response:
    """Move the clock forward by ``advance`` seconds."""
    seconds = number(object_body().get("advance"), "advance")
    try:
        service().clock.advance(seconds)
    except ValueError as error:
        raise bad_request(str(error)) from None
    return show_clock()


@control.post("/transition")
def set_transition() -> Response:
    """Choose how the tasks that are created from now on get done."""
    rule = text(object_body(), "transition")
    try:
        service().transition = None if rule is None else Transition.parse(rule)
    except ValueError as error:
        raise bad_request(str(error)) from None
    return describe()


@control.post("/seed")
def seed() -> Response:
    """Create everything that a seed lists."""
    service().seed(object_body())
    return json_response({"success": True})


@control.get("/snapshot")
def take_snapshot() -> Response:
    """Answer everything that the sandbox remembers."""
    return Response(service().store.snapshot(), content_type="application/octet-stream")


@control.post("/restore")
def restore() -> Response:
    """Go back to a snapshot, which is the body."""
    service().restore(request.get_data(cache=False))
    return json_response({"success": True})


@control.post("/tasks/<task_id>/<action>")
def act(task_id: str, action: str) -> Response:
    """Do by hand to a task what people do."""
    body = object_body()
    here = service()
    if action == "complete":
        response = body.get("response")
        given = None if response is None else json_object(response, "response")
        return json_response(complete(here, task_id, given))
    if action == "fail":
        error = text(body, "error")
        return json_response(fail(here, task_id, error) if error else fail(here, task_id))
    if action == "fix":
        return json_response(fix(here, task_id, json_object(body.get("response"), "response")))
    if action == "start_work":
        return json_response(start_work(here, task_id))
    if action == "recall":
        return json_response(recall(here, task_id))
    raise not_found(f"Nothing called {action} can be done to a task.")


@control.get("/faults")
def list_faults() -> Response:
    """Answer the rules by which calls go wrong, with how often each of them did."""
    return json_response([rule.as_json() for rule in service().faults])


@control.post("/faults")
def add_fault() -> Response:
    """Set one more rule: in words as ``rule``, or in fields."""
    body = object_body()
    words = text(body, "rule")
    try:
        fault = Fault.from_json(body) if words is None else parse_fault(words)
    except ValueError as error:
        raise bad_request(f"The {error}." if words else f"The fault is wrong: {error}.") from None
    return json_response(service().faults.add(fault).as_json())


@control.delete("/faults/<int:number>")
def remove_fault(number: int) -> Response:
    """Take a rule away."""
    faults = service().faults
    for rule in faults:
        if rule.id == number:
            with suppress(ValueError):  # Somebody else has just done so.
                faults.remove(rule)
            return json_response({"success": True})
    raise not_found(f"There is no fault rule {number}.")


@control.delete("/faults")
def clear_faults() -> Response:
    """Take all rules away."""
    service().faults.clear()
    return json_response({"success": True})


@control.post("/reset")
def reset() -> Response:
    """Forget everything."""
    object_body()
    service().reset()
    return json_response({"success": True})


@control.get("/deliveries")
def list_deliveries() -> Response:
    """Answer the last callbacks with every try to deliver them, oldest first."""
    task_id = query().text("task_id")
    return json_response([delivery.as_json() for delivery in service().deliveries(task_id)])


@control.get("/requests")
def list_requests() -> Response:
    """Answer the last requests, oldest first."""
    return json_response([entry.as_json() for entry in list(service().requests)])
