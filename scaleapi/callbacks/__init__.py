"""Receive callbacks: verify the sender, read the payload, handle each one once.

Scale posts a task to its ``callback_url`` when it is completed, fails, is audited or is recalled,
and a batch to its ``callback`` when it is completed
(https://scale.com/docs/api-reference/callbacks). Any 2xx response acknowledges a callback. After
any other response Scale sends it again, up to 20 times within 24 hours. A callback may come more
than once, and callbacks may arrive out of order.

:func:`wsgi_callback_app` is an application for any WSGI server. :func:`flask_callback` and
:func:`starlette_callback` decorate a route of a framework. :func:`verify_callback` works in every
other framework: it needs only the headers and the body.
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
