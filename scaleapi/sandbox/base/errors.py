"""What the sandbox says no with."""

from __future__ import annotations


class SandboxError(Exception):
    """Base of every error that the sandbox raises."""


class StartError(SandboxError):
    """Tell why the sandbox cannot be started, in one line."""


class Refusal(SandboxError):
    """Refuse a call, with the status and the text that the service answers.

    Attributes:
        status_code: The HTTP status of the answer.
        error: The sentence for the person who reads it.
    """

    def __init__(self, status_code: int, error: str) -> None:
        super().__init__(error)
        self.status_code = status_code
        self.error = error

    def __reduce__(self) -> tuple[type[Refusal], tuple[int, str]]:
        return Refusal, (self.status_code, self.error)


def bad_request(error: str) -> Refusal:
    """Return the refusal of a bad parameter or of a call in the wrong state (400)."""
    return Refusal(400, error)


def not_found(error: str) -> Refusal:
    """Return the refusal of a resource that does not exist (404)."""
    return Refusal(404, error)


def conflict(error: str) -> Refusal:
    """Return the refusal of a name or an id that is already used (409)."""
    return Refusal(409, error)
