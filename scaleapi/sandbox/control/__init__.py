"""The control API at ``/_sandbox``: what time and people do in the real service.

It needs no API key, so web pages must not be able to use it: every POST requires a content type
that no HTML form can send. A browser asks before it sends other methods, and is refused.
"""

from __future__ import annotations

from flask import Blueprint, request

from ..base.errors import Refusal
from .clock import clock
from .faults import faults
from .health import health
from .logs import logs
from .state import state
from .tasks import tasks
from .traffic import traffic

control = Blueprint("control", __name__)
for _noun in (health, state, clock, tasks, faults, traffic, logs):
    control.register_blueprint(_noun)

_CONTENT_TYPES = ("application/json", "application/octet-stream")


@control.before_request
def _check_content_type() -> None:
    if request.method == "POST" and request.mimetype not in _CONTENT_TYPES:
        raise Refusal(403, f"The Content-Type must be {' or '.join(_CONTENT_TYPES)}.")
