"""Starting background threads where the platform allows it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextvars import Context
from typing import Any

from .._interruption import raise_interruption

__all__ = ["start_thread"]


def start_thread(name: str, context: Context, run: Callable[[], None]) -> threading.Thread | None:
    """Start a daemon thread and return it; ``None`` if no thread can be started.

    That is the case at a system limit, in a subinterpreter, at the end of the interpreter, and if
    gevent has replaced sockets but not threads, because its sockets work in one thread only.

    Args:
        name: The name of the thread.
        context: The context to run in.
        run: What the thread does.
    """
    # Until Python 3.11, the interpreter starts threads at its end, but does not run them.
    if sys.is_finalizing() or _only_sockets_are_replaced():
        return None
    try:
        thread = threading.Thread(target=context.run, args=(run,), name=name, daemon=True)
        thread.start()
    except Exception as error:
        # A signal handler that raises during start() may surface as another error.
        raise_interruption(error)
        if isinstance(error, RuntimeError):
            return None
        raise
    return thread


def _only_sockets_are_replaced() -> bool:
    gevent: Any = sys.modules.get("gevent.monkey")
    if gevent is None:
        return False
    return gevent.is_module_patched("socket") and not gevent.is_module_patched("threading")
