"""Decoding JSON: with orjson if it is installed, with the standard library otherwise.

Both return the same objects, so that installing the extra ``speed`` changes nothing but the time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from .._interruption import raise_interruption

__all__ = ["decode"]


def _is_main_interpreter() -> bool:
    """Return whether this is not a subinterpreter, in which for example mod_wsgi runs programs."""
    try:
        module = import_module(
            "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
        )
    except ImportError:  # other implementations of Python
        return True
    return bool(module.get_current() == module.get_main())


def _fast_decoder() -> Callable[[bytes], Any] | None:
    """Return the decoder of orjson; ``None`` if it is not installed.

    orjson does not support subinterpreters: there it makes the process crash.
    """
    try:
        return import_module("orjson").loads if _is_main_interpreter() else None
    except ImportError:
        return None


#: It is not imported in a call: a signal handler that raises in the middle of its import makes the
#: process crash later, and a child that is forked then would wait forever.
_fast = _fast_decoder()

#: Maps what may come before a number to a colon, and what a number is made of to a zero.
_SHAPES = bytes.maketrans(b",[ \t\r\n-0123456789", b"::::::00000000000")

#: orjson reads integers of more than 64 bits as floats. Each has 20 digits, or a sign and 19.
_WIDE_INTEGER = b":" + b"0" * 20


def decode(content: bytes) -> Any:
    """Return the value of a JSON document.

    Args:
        content: The document, in UTF-8, UTF-16 or UTF-32.

    Raises:
        ValueError: It is not JSON.
        RecursionError: It is nested too deeply.
    """
    if (
        _fast is not None
        and content.startswith((b"{", b"["))
        and not _may_have_wide_integers(content)
    ):
        try:
            return _fast(content)
        except ValueError as invalid:
            # It may still be what the standard library takes: NaN, lone surrogates, a BOM.
            raise_interruption(invalid)
    return json.loads(content)


def _may_have_wide_integers(content: bytes) -> bool:
    return _WIDE_INTEGER in content.translate(_SHAPES)
