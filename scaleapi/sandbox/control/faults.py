"""Fault rules."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields

from flask import Blueprint, Response

from ..base.errors import bad_request, not_found
from ..base.validation import check_names, text
from ..faults.fault import Fault
from ..faults.text import parse_fault
from ..web import json_response, object_body, service

_FIELDS = tuple(field.name for field in fields(Fault))

faults = Blueprint("faults", __name__)


@faults.get("/faults")
def list_faults() -> Response:
    """List the fault rules with their counts."""
    return json_response([rule.as_json() for rule in service().faults])


@faults.post("/faults")
def add_fault() -> Response:
    """Add a rule: in text form as ``rule``, or as fields."""
    body = object_body()
    words = text(body, "rule")
    if words is not None:
        check_names(body, ("rule",), "the request body beside a rule")
    elif "effect" not in body:
        check_names(body, ("rule", *_FIELDS), "the request body")
    try:
        fault = Fault.from_json(body) if words is None else parse_fault(words)
    except ValueError as error:
        raise bad_request(f"The {error}." if words else f"The fault is invalid: {error}.") from None
    return json_response(service().faults.add(fault).as_json())


@faults.delete("/faults/<int:number>")
def remove_fault(number: int) -> Response:
    """Remove a rule."""
    rules = service().faults
    for rule in rules:
        if rule.id == number:
            with suppress(ValueError):  # Another request has just removed it.
                rules.remove(rule)
            return json_response({"success": True})
    raise not_found(f"There is no fault rule {number}.")


@faults.delete("/faults")
def clear_faults() -> Response:
    """Remove all rules."""
    service().faults.clear()
    return json_response({"success": True})
