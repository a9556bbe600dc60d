"""The fault rules page, with forms to add and remove rules."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ..base.errors import not_found
from ..web import service
from .page import render

faults = Blueprint("faults", __name__)


@faults.get("/faults")
def list_faults() -> Response:
    """Show the rules with their counts."""
    return _page()


def _page(status: int = 200, text: str = "", problem: str | None = None) -> Response:
    return render("faults.html", status, faults=list(service().faults), text=text, problem=problem)


@faults.post("/faults")
def add_fault() -> Response:
    """Add a rule; an invalid one is shown again in the form, with the reason."""
    text = request.form.get("rule", "")
    try:
        service().faults.add(text)
    except ValueError as error:
        return _page(400, text, f"The {error}.")
    return redirect(url_for(".list_faults"), 303)


@faults.post("/faults/<int:number>/remove")
def remove_fault(number: int) -> Response:
    """Remove a rule."""
    rules = service().faults
    rule = next((one for one in rules if one.id == number), None)
    if rule is None:
        raise not_found(f"There is no fault rule {number}.")
    with suppress(ValueError):  # Another request has just removed it.
        rules.remove(rule)
    return redirect(url_for(".list_faults"), 303)
