"""What keeps a page of another site from driving the dashboard, or from looking into it.

The Host header must name this machine, as for every call of the sandbox. A form is taken only
with the token that its page carries, which no other site can read. What tasks bring along is
escaped, and the content security policy lets no script run and no site frame a page.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Blueprint, Response, request

from ..base.errors import Refusal

TOKEN = secrets.token_urlsafe(32)
"""What a form must carry: known to the pages of this process and to nobody else."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' http: https: data:;"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def protect(dashboard: Blueprint) -> None:
    """Guard every page and form of a blueprint."""
    dashboard.before_request(_check_form)
    dashboard.after_request(_add_headers)


def _check_form() -> None:
    if request.method in ("GET", "HEAD"):
        return
    # Browsers say where a form comes from; the Origin is null under our own Referrer-Policy.
    same_site = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    token = request.form.get("token", "")
    if not same_site or not hmac.compare_digest(token.encode(), TOKEN.encode()):
        raise Refusal(403, "The form is not one of this process: load its page again.")


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
