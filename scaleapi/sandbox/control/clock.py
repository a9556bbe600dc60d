"""The clock."""

from __future__ import annotations

from flask import Blueprint, Response

from ..base.clock import stamp
from ..base.errors import bad_request
from ..base.validation import number
from ..web import json_response, object_body, service

clock = Blueprint("clock", __name__)


@clock.get("/clock")
def show_clock() -> Response:
    """Return the time on the sandbox's clock."""
    return json_response({"now": stamp(service().clock.now())})


@clock.post("/clock")
def advance_clock() -> Response:
    """Advance the clock by ``advance`` seconds."""
    seconds = number(object_body().get("advance"), "advance")
    try:
        service().clock.advance(seconds)
    except ValueError as error:
        raise bad_request(str(error)) from None
    return show_clock()
