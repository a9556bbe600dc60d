"""The current request: its service, mode, body and query, and JSON responses."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

from flask import Response, current_app, g, request

from .base.documents import JsonObject, dumps
from .base.errors import Refusal
from .base.modes import Mode
from .base.validation import Query, check_names, json_object, parse_json
from .faults.fault import is_exempt
from .http.form import is_form, parse_form
from .resources.transaction import Transaction
from .rules.task_types import require_type
from .service import Service

EXTENSION = "scaleapi.sandbox"
"""Key of the `Service` in the extensions of the Flask application."""


def service() -> Service:
    """Return the service of the application."""
    return cast(Service, current_app.extensions[EXTENSION])


def caller_mode() -> Mode:
    """Return the mode of the caller's API key."""
    return cast(Mode, g.mode)


@contextmanager
def transaction() -> Generator[Transaction]:
    """Open a transaction in the caller's mode; it is committed at the end of the block.

    A read sees the outcome of probes that end in time.
    """
    reading = request.method in ("GET", "HEAD")
    if reading:
        service().prober.wait_briefly()
    # A page of the dashboard may be what is probed, and would wait for itself.
    if not (reading and is_exempt(request.path)):
        service().prober.wait_if_in_order()
    with service().transaction(caller_mode()) as tx:
        yield tx


def enabled_type(name: str) -> str:
    """Return the task type of a path; raise 404 if it does not exist, 402 if it is disabled."""
    known = require_type(name)
    if known in service().disabled_types:
        raise Refusal(402, f"The task type {known} is not enabled for this account.")
    return known


def body() -> object:
    """Return the JSON body, or the form of an older program; raise 400 if there is none."""
    content = request.get_data(cache=False)
    return parse_form(content) if is_form(request.mimetype, content) else parse_json(content)


def object_body() -> JsonObject:
    """Return the JSON body, which must be an object."""
    return json_object(body())


def control_body(*names: str) -> JsonObject:
    """Return the JSON body of a control request, an object without names other than these."""
    given = object_body()
    check_names(given, names, "the request body")
    return given


def control_query(*names: str) -> Query:
    """Return the query of a control request, without parameters other than these."""
    check_names(request.args, names, "the query")
    return query()


def query() -> Query:
    """Return the query parameters."""
    return Query(request.args)


def json_response(value: object, status: int = 200) -> Response:
    """Return ``value`` as a JSON response."""
    return json_text_response(dumps(value), status)


def origin() -> str:
    """Return the URL that the client knows the sandbox by, without a path."""
    host = request.host  # empty if the Host header is malformed
    return f"{request.scheme}://{host}" if host else service().origin


def json_text_response(text: str, status: int = 200) -> Response:
    """Return text that is JSON already as a response.

    Stored links to result files are changed to the host that the client knows.
    """
    stored, known = service().origin, origin()
    if known != stored:
        text = text.replace(f'"{stored}/v1/task/', f'"{known}/v1/task/')
    return Response(text, status, content_type="application/json")
