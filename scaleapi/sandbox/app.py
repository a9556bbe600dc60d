"""The Flask application: who may call, what errors look like, and the resources."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote, unquote

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import BaseConverter

from .base.errors import Refusal
from .control import control
from .dashboard import dashboard
from .links.fetching import is_loopback
from .service import Service
from .v1.batches import batches
from .v1.files import files, storage
from .v1.projects import projects
from .v1.quality_tasks import quality_tasks
from .v1.reviews import reviews
from .v1.studio import studio
from .v1.tasks import tasks
from .v1.teams import teams
from .v2.batches import batches as v2_batches
from .v2.datasets import datasets as v2_datasets
from .v2.deliveries import deliveries as v2_deliveries
from .v2.projects import projects as v2_projects
from .v2.tasks import tasks as v2_tasks
from .web import EXTENSION, json_response, service

_BODY_LIMIT = 96 * 1024 * 1024
"""Largest body that is read at all, in bytes: the largest file and what goes with it."""


class PathSegment(BaseConverter):
    """One segment of a path, in which a slash may be escaped.

    The server leaves escaped slashes and percent signs for this converter to decode.
    """

    regex = "[^/]+"
    part_isolating = True

    def to_python(self, value: str) -> str:
        """Decode what the server has left escaped."""
        return unquote(value) if "%" in value else value

    def to_url(self, value: str) -> str:
        """Escape a whole segment."""
        return quote(value, safe="")


def create_app(service_: Service) -> Flask:
    """Return the WSGI application of one service.

    A WSGI callable around its ``wsgi_app`` sees every call before it is decided and after it
    is committed, and finds the raw connection in the environment.
    """
    app = Flask("scaleapi.sandbox", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _BODY_LIMIT
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.extensions[EXTENSION] = service_
    app.url_map.converters["default"] = PathSegment
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.before_request(_check_host)
    app.before_request(_authenticate)
    app.register_error_handler(Refusal, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(Exception, _fail)
    for blueprint in (tasks, reviews, batches, projects, files, teams, quality_tasks):
        app.register_blueprint(blueprint, url_prefix="/v1")
    app.register_blueprint(studio, url_prefix="/v1/studio")
    for blueprint in (v2_tasks, v2_batches, v2_projects, v2_deliveries, v2_datasets):
        app.register_blueprint(blueprint, url_prefix="/v2")
    app.register_blueprint(storage)
    app.register_blueprint(control, url_prefix="/_sandbox")
    app.register_blueprint(dashboard)
    return app


def _check_host() -> None:
    """Refuse a name of another site that was made to lead to this machine.

    The browser of whoever runs the sandbox would take its answers for those of that site.
    """
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if not is_loopback(host.strip("[]")):
        raise Refusal(403, "The Host header must name this machine.")


def _authenticate() -> None:
    """Find the world that the caller's key opens, for every path of the API."""
    if not request.path.startswith(("/v1/", "/v2/")):
        return
    key = _key(request.headers.get("Authorization", ""))
    mode = None if key is None else service().keys.get(key)
    if mode is None:
        raise Refusal(401, "Please send a valid API key.")
    g.mode = mode


def _key(header: str) -> str | None:
    """Return the key of a Basic (user name, no password) or Bearer header."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(rest, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user if colon and not password else None


def _refuse(refusal: Refusal) -> Response:
    return json_response(
        {"status_code": refusal.status_code, "error": refusal.error}, refusal.status_code
    )


def _refuse_http(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, NotFound):
        text = f"There is no {request.method} {request.path}."
    elif isinstance(error, MethodNotAllowed):
        text = f"{request.path} does not take {request.method}."
    elif isinstance(error, RequestEntityTooLarge):
        status, text = 400, "The request body is too large."
    else:
        text = error.description or error.name
    refused = _refuse(Refusal(status, text))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        refused.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return refused


def _fail(error: Exception) -> Response:
    """Answer a fault of the sandbox itself, and show it to whoever runs it."""
    current_app.logger.error(
        "The sandbox failed on %s %s", request.method, request.path, exc_info=error
    )
    return _refuse(Refusal(500, "The sandbox has failed; its log tells why."))
