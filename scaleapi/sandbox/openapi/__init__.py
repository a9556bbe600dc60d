"""The OpenAPI description of the sandbox, at ``/_sandbox/openapi.json``.

One module per noun says what its routes take and return; the rest comes from the routes, the rules
of task types and the table of behaviors.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from ..web import json_response, origin
from .document import describe

__all__ = ["describe", "openapi"]

openapi = Blueprint("openapi", __name__)


@openapi.get("/openapi.json")
def show_openapi() -> Response:
    """Return this description."""
    return json_response(describe(current_app, origin()))
