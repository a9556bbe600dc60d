"""Whether the sandbox works, and the certificate of its HTTPS."""

from __future__ import annotations

from flask import Blueprint, Response

from ..base.errors import not_found
from ..web import json_response, service

health = Blueprint("health", __name__)


@health.get("/health")
def show_health() -> Response:
    """Return that the sandbox and its database respond."""
    with service().store.transaction() as db:
        db.execute("SELECT 1 FROM account")
    return json_response({"status": "ok"})


@health.get("/certificate")
def show_certificate() -> Response:
    """Return the certificate that clients must trust, in PEM; raise 404 without HTTPS."""
    certificate = service().certificate
    if certificate is None:
        raise not_found("The sandbox does not use HTTPS.")
    return Response(certificate, content_type="text/plain; charset=utf-8")
