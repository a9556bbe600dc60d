"""The Flask application: authentication, error responses and blueprints."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote, unquote

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.routing import BaseConverter

from .base.errors import Refusal
from .control import control
from .dashboard import dashboard
from .http.request_head import MalformedRequest
from .openapi import openapi
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
"""Largest accepted request body, in bytes: the largest file plus its form fields."""


class PathSegment(BaseConverter):
    """A path segment that may contain an escaped slash.

    The server leaves escaped slashes and percent signs to this converter.
    """

    regex = "[^/]+"
    part_isolating = True

    def to_python(self, value: str) -> str:
        """Decode the remaining escapes."""
        return unquote(value) if "%" in value else value

    def to_url(self, value: str) -> str:
        """Escape a segment."""
        return quote(value, safe="")


class _Request(Request):
    """A request whose body may be sent in chunks."""

    def get_data(self, *args: Any, **named: Any) -> Any:
        """Return the body; reject one without a length that exceeds the limit.

        Werkzeug would return its first part.
        """
        data = super().get_data(*args, **named)
        limit = self.max_content_length
        if self.content_length is None and limit is not None and len(data) >= limit:
            raise RequestEntityTooLarge
        return data


def create_app(backend: Service) -> Flask:
    """Return the Flask application of a service.

    WSGI middleware around its ``wsgi_app`` sees every request before it is processed and every
    response after its transaction is committed.
    """
    app = Flask("scaleapi.sandbox", static_folder=None)
    app.request_class = _Request
    app.config["MAX_CONTENT_LENGTH"] = _BODY_LIMIT
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.extensions[EXTENSION] = backend
    app.url_map.converters["default"] = PathSegment
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.before_request(_check_host)
    app.before_request(_authenticate)
    app.register_error_handler(Refusal, _refuse)
    app.register_error_handler(MalformedRequest, _refuse_malformed)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(Exception, _fail)
    for blueprint in (tasks, reviews, batches, projects, files, teams, quality_tasks):
        app.register_blueprint(blueprint, url_prefix="/v1")
    app.register_blueprint(studio, url_prefix="/v1/studio")
    for blueprint in (v2_tasks, v2_batches, v2_projects, v2_deliveries, v2_datasets):
        app.register_blueprint(blueprint, url_prefix="/v2")
    app.register_blueprint(storage)
    for blueprint in (control, openapi):
        app.register_blueprint(blueprint, url_prefix="/_sandbox")
    app.register_blueprint(dashboard)
    return app


def _check_host() -> None:
    """Reject the Host of another site whose name was made to resolve to this machine.

    Otherwise, DNS rebinding would let that site read responses in the user's browser.
    """
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    host = host.strip("[]")
    # The address that the client connected to is no name, so no one else can own it.
    if host not in service().allowed_hosts and host != request.environ["SERVER_NAME"]:
        raise Refusal(
            403,
            f'The Host header must name this machine, not "{host}".'
            " Allow other names with allowed_hosts, or --allow-host on the command line.",
        )


def _authenticate() -> Response | None:
    """Find the mode of the caller's key, for every path of the API; apply its rate limit."""
    if not request.path.startswith(("/v1/", "/v2/")):
        return None
    key = _key(request.headers.get("Authorization", ""))
    mode = None if key is None else service().keys.get(key)
    if key is None or mode is None:
        raise Refusal(401, "Please send a valid API key.")
    g.mode = mode
    seconds = service().rate_limit.wait_of(key)
    if seconds is None:
        return None
    refused = _refuse(Refusal(429, "Too many requests; please retry later."))
    refused.headers["Retry-After"] = str(seconds)
    return refused


def _key(header: str) -> str | None:
    """Return the key of a Basic (user name, with any password) or Bearer header."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, _ = base64.b64decode(rest, validate=True).decode().partition(":")
    except ValueError:  # neither base64 nor UTF-8
        return None
    return user if colon else None


def _refuse(refusal: Refusal) -> Response:
    return json_response(
        {"status_code": refusal.status_code, "error": refusal.error}, refusal.status_code
    )


def _refuse_malformed(error: MalformedRequest) -> Response:
    """Respond to a body that turned out to be malformed while it was read."""
    return _refuse(Refusal(error.status, error.error))


def _refuse_http(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, NotFound):
        text = f"There is no {request.method} {request.path}."
    elif isinstance(error, MethodNotAllowed):
        text = f"{request.path} does not take {request.method}."
    elif isinstance(error, RequestEntityTooLarge):
        status, text = 400, "The request body is too large."
    elif isinstance(error, ClientDisconnected):
        text = "The request body is incomplete."
    else:
        text = error.description or error.name
    refused = _refuse(Refusal(status, text))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        refused.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return refused


def _fail(error: Exception) -> Response:
    """Respond to an internal error of the sandbox, and log it."""
    current_app.logger.error(
        "The sandbox failed on %s %s", request.method, request.path, exc_info=error
    )
    return _refuse(Refusal(500, "Internal error of the sandbox; see its log."))
