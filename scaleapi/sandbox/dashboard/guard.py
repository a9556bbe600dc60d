"""Protection of the dashboard against other web sites.

The Host header must name this machine, as for every request to the sandbox. A form is accepted
only with the token from its page, which no other site can read. Content from tasks is escaped,
and the content security policy forbids inline code, scripts of other sites, and framing.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Blueprint, Response, request

from ..base.errors import Refusal

TOKEN = secrets.token_urlsafe(32)
"""Token that every form must carry, generated once per process."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';"
        " img-src 'self' http: https: data:;"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def protect(dashboard: Blueprint) -> None:
    """Protect every page and form of a blueprint."""
    dashboard.before_request(_check_form)
    dashboard.after_request(_add_headers)


def _check_form() -> None:
    if request.method in ("GET", "HEAD"):
        return
    # The Origin header is no help here: it is null under our own Referrer-Policy.
    same_site = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    token = request.form.get("token", "")
    if not same_site or not hmac.compare_digest(token.encode(), TOKEN.encode()):
        raise Refusal(403, "The form token is missing or out of date: reload the page.")


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
