"""The request log."""

from __future__ import annotations

from itertools import islice

from flask import Blueprint, Response

from ..web import query, service
from .page import ROWS, masked, render

requests = Blueprint("requests", __name__)


@requests.get("/requests")
def list_requests() -> Response:
    """Show a page of the request log, newest first, with bodies."""
    before = query().integer("before", 2**31, 1, 2**31)
    logged = reversed(list(service().requests))
    found = list(islice((one for one in logged if one.number < before), ROWS + 1))
    return render(
        "requests.html",
        rows=[one._replace(path=masked(one.path)) for one in found[:ROWS]],
        before=found[ROWS - 1].number if len(found) > ROWS else None,
        first=before == 2**31,
    )
