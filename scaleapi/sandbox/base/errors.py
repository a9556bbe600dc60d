"""Errors of the sandbox."""

from __future__ import annotations


class SandboxError(Exception):
    """Base of every error that the sandbox raises."""


class StartError(SandboxError):
    """The sandbox cannot be started; the message says why."""


class Refusal(SandboxError):
    """A request is rejected, with a status and an error text.

    Attributes:
        status_code: The HTTP status of the response.
        error: The error text of the response.
    """

    def __init__(self, status_code: int, error: str) -> None:
        super().__init__(error)
        self.status_code = status_code
        self.error = error

    def __reduce__(self) -> tuple[type[Refusal], tuple[int, str]]:
        return Refusal, (self.status_code, self.error)


def bad_request(error: str) -> Refusal:
    """Return a refusal (400) for an invalid parameter or an operation that the status forbids."""
    return Refusal(400, error)


def not_found(error: str) -> Refusal:
    """Return a refusal (404) for a resource that does not exist."""
    return Refusal(404, error)


def conflict(error: str) -> Refusal:
    """Return a refusal (409) for a name or id that is already in use."""
    return Refusal(409, error)
