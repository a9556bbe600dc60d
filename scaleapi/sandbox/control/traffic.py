"""The rate limit and the latency."""

from __future__ import annotations

from flask import Blueprint, Response

from ..base.errors import bad_request
from ..base.validation import number
from ..faults.traffic import Latency, RateLimit
from ..web import control_body, json_response, service

traffic = Blueprint("traffic", __name__)

_SETTINGS = ("rate_limit", "latency", "jitter")


@traffic.get("/traffic")
def show_traffic() -> Response:
    """Return the rate limit in requests per second, and the latency in seconds."""
    here = service()
    latency = here.latency
    return json_response(
        {
            "rate_limit": here.rate_limit.per_second,
            "latency": latency.seconds,
            "jitter": latency.jitter,
        }
    )


@traffic.post("/traffic")
def set_traffic() -> Response:
    """Change the rate limit, the latency or both; null turns one off."""
    body = control_body(*_SETTINGS)
    if not body:
        raise bad_request(f"The request body must have some of: {', '.join(_SETTINGS)}.")
    here = service()
    given = {name: None if value is None else number(value, name) for name, value in body.items()}
    seconds = given.get("latency", here.latency.seconds) or 0
    jitter = given.get("jitter", here.latency.jitter if seconds else 0) or 0
    try:
        latency = Latency.checked(seconds, jitter)
        if "rate_limit" in given:
            here.rate_limit = RateLimit(given["rate_limit"])
    except ValueError as error:
        raise bad_request(f"{error}.") from None
    here.latency = latency
    return show_traffic()
