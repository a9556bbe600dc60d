"""The clock page, with forms that advance the clock."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ..base.errors import Refusal
from ..base.validation import number
from ..web import service
from .page import render

clock = Blueprint("clock", __name__)

_STEPS = {"1 minute": 60, "1 hour": 3600, "1 day": 86400}


@clock.get("/clock")
def show() -> Response:
    """Show the time and the offset from real time."""
    return _page()


def _page(status: int = 200, text: str = "", problem: str | None = None) -> Response:
    ahead = service().clock.ahead
    return render("clock.html", status, ahead=ahead, steps=_STEPS, text=text, problem=problem)


@clock.post("/clock")
def advance() -> Response:
    """Move the clock forward."""
    text = request.form.get("seconds", "")
    try:
        service().clock.advance(number(text, "seconds"))
    except (Refusal, ValueError) as error:
        return _page(400, text, str(error))
    return redirect(url_for(".show"), 303)
