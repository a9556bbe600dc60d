"""Paths of the API, each built once from a template and quoted names."""

from __future__ import annotations

from urllib.parse import quote

from ._arguments import text_of
from .exceptions import ScaleArgumentError

__all__ = ["path"]


def path(template: str, **names: object) -> str:
    """Fill a path template, quoting each name so that it stays one segment.

    Args:
        template: For example ``"task/{task_id}/tags"``.
        **names: A string or enum member for each placeholder.

    Raises:
        ScaleArgumentError: A name is no string, is empty, or is ``.`` or ``..``, which the
            network would take for a step through the path.

    Example:
        >>> path("batches/{batch_name}", batch_name="a bc/def")
        'batches/a%20bc%2Fdef'
    """
    return template.format(**{key: _segment(key, value) for key, value in names.items()})


def _segment(argument: str, value: object) -> str:
    text = text_of(argument, value)
    if text in (".", ".."):
        raise ScaleArgumentError(argument, f"must not be {text!r}")
    return quote(text, safe="")
