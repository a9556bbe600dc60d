"""Work for an executor of the caller's: threads, processes, or other machines."""

from __future__ import annotations

import pickle
from collections.abc import Generator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from .._arguments import shown
from ..exceptions import ScaleArgumentError

__all__ = ["Shared", "check_executor", "losses_explained"]

_T = TypeVar("_T")

_LOST = (
    "A worker of the executor ended abruptly. Make the same call again to go on: what is done is"
    " not done twice. If this happens at once, put the calls of the script under"
    ' `if __name__ == "__main__":`, as each process that starts runs all the rest of it'
)


class Shared(Generic[_T]):
    """Something for workers, of which each process has one, however often it is pickled.

    A client that comes out of a pickle has neither connections nor TLS settings yet. The pickle
    holds the API key; the repr does not.

    Args:
        value: What is shared.
    """

    def __init__(self, value: _T) -> None:
        self.value = value

    def __reduce__(self) -> tuple[object, ...]:
        return _unpickled, (self._pickled,)

    @cached_property
    def _pickled(self) -> bytes:
        # Once: what a client has learned since would make another pickle, and so another client.
        return pickle.dumps(self.value)


@lru_cache(maxsize=8)
def _unpickled(pickled: bytes) -> Shared[object]:
    return Shared(pickle.loads(pickled))  # noqa: S301 - a part of the pickle that we are in


def check_executor(executor: object) -> None:
    """Check the argument ``executor``.

    Raises:
        ScaleArgumentError: It is not an executor.
    """
    if executor is None:
        return
    if isinstance(executor, type) or not callable(getattr(executor, "submit", None)):
        raise ScaleArgumentError(
            "executor", f"must be an object with submit(), not {shown(executor)}"
        )


@contextmanager
def losses_explained() -> Generator[None]:
    """Say what to do when a worker has ended abruptly."""
    try:
        yield
    except BrokenExecutor as error:
        raise type(error)(_LOST) from error
