"""A local Scale service: the v1 and v2 APIs on loopback, without an account.

Example:
    >>> from scaleapi.sandbox import Sandbox
    >>> with Sandbox() as sandbox:
    ...     print(sandbox.url, sandbox.test_key)
"""

from __future__ import annotations

try:
    import flask
except ModuleNotFoundError as error:
    if error.name != "flask":
        raise
    raise ModuleNotFoundError(
        'The sandbox needs Flask: pip install "scaleapi[sandbox]"', name="flask"
    ) from None

del flask

from .base.clock import Clock
from .base.errors import Refusal, SandboxError, StartError
from .callbacks.delivery import Delivery, Try
from .faults.fault import Fault
from .faults.rule_set import Faults, Rule
from .http.request_log import Request
from .sandbox import Sandbox

__all__ = [
    "Clock",
    "Delivery",
    "Fault",
    "Faults",
    "Refusal",
    "Request",
    "Rule",
    "Sandbox",
    "SandboxError",
    "StartError",
    "Try",
]
