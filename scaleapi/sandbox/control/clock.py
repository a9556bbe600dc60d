"""The clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response

from ..base.clock import Clock, stamp
from ..base.documents import dumps
from ..base.errors import bad_request
from ..base.validation import number
from ..web import control_body, json_response, service

clock = Blueprint("clock", __name__)


@clock.get("/clock")
def show_clock() -> Response:
    """Return the time on the sandbox's clock, and whether it is frozen."""
    here = service().clock
    return json_response({"now": stamp(here.now()), "frozen": here.frozen})


@clock.post("/clock")
def move_clock() -> Response:
    """Move the clock: ``advance`` it by seconds, ``set`` its time, or ``freeze`` it.

    ``freeze`` is a time, true for the current time, or false to let the clock run again.
    """
    body = control_body(*_MOVES)
    if len(body) != 1:
        raise bad_request(f"The request body must have one of: {', '.join(_MOVES)}.")
    ((move, value),) = body.items()
    try:
        _MOVES[move](service().clock, value)
    except ValueError as error:
        raise bad_request(str(error)) from None
    return show_clock()


def _advance(here: Clock, value: object) -> None:
    here.advance(number(value, "advance"))


def _set(here: Clock, value: object) -> None:
    here.set(_time(value))


def _freeze(here: Clock, value: object) -> None:
    if value is False:
        here.resume()
    else:
        here.freeze(None if value is True else _time(value))


def _time(value: object) -> str:
    if not isinstance(value, str):
        raise bad_request(f"The time must be an ISO 8601 text, not {dumps(value)}.")
    return value


_MOVES: Mapping[str, Callable[[Clock, object], None]] = {
    "advance": _advance,
    "set": _set,
    "freeze": _freeze,
}
