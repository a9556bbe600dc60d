"""The receiving end of callbacks: who sent it, what it says, whether it came before.

Scale posts a task to its ``callback_url`` when it is completed, fails, is audited or is taken
back, and a batch when it is completed (https://scale.com/docs/api-reference/callbacks). Every
2xx is an acknowledgement; anything else is tried again, up to 20 times within 24 hours. The
same callback may come more than once, and callbacks may overtake each other.

:func:`wsgi_callback_app` serves any WSGI server, :func:`flask_callback` and
:func:`starlette_callback` decorate a route of a framework; all of them stand on
:func:`verify_callback`, which needs nothing but headers and body.
"""

from __future__ import annotations

from ..exceptions import CallbackVerificationError
from .callback import Callback, CallbackEvent
from .flask import flask_callback
from .seen import CallbackStore, SeenCallbacks
from .starlette import starlette_callback
from .verification import CALLBACK_BODY_LIMIT, verify_callback
from .wsgi import wsgi_callback_app

__all__ = [
    "CALLBACK_BODY_LIMIT",
    "Callback",
    "CallbackEvent",
    "CallbackStore",
    "CallbackVerificationError",
    "SeenCallbacks",
    "flask_callback",
    "starlette_callback",
    "verify_callback",
    "wsgi_callback_app",
]
