"""Text form of faults, such as ``POST /v1/task/* reset after-commit 20%``."""

from __future__ import annotations

import re
from typing import Any, cast

from .fault import Effect, Fault

_EXAMPLE = '"POST /v1/task/* 503 Retry-After=2 first 3"'

_CLAUSE = re.compile(
    r"(?P<commit>(?:before|after)-commit)"
    r"|first (?P<first>[0-9]+)"
    r"|every (?P<every>[0-9]+)(?:st|nd|rd|th)"
    r"|(?P<percent>[0-9]+(?:\.[0-9]+)?)%"
    r"|seed (?P<seed>[0-9]+)"
    r"|jitter (?P<jitter>[0-9]+(?:\.[0-9]+)?)s"
    r"|(?P<seconds>[0-9]+(?:\.[0-9]+)?)s"
    r"|(?P<header>[^\s=]+)=(?P<value>\S*)"
)


def parse_fault(text: str) -> Fault:
    """Parse a rule: a method, a path, an effect, and clauses in any order.

    Raises:
        ValueError: If the rule is invalid; the message quotes it and says why.
    """
    try:
        method, path, effect, *rest = text.split()
    except ValueError:
        raise ValueError(
            f"fault {text!r}: expected a method, a path and an effect, such as {_EXAMPLE}"
        ) from None
    try:
        return Fault(method, path, _effect(effect), **_clauses(" ".join(rest)))
    except ValueError as error:
        raise ValueError(f"fault {text!r}: {error}") from None


def _effect(word: str) -> int | Effect:
    return int(word) if re.fullmatch("[0-9]{1,9}", word) else cast(Effect, word)


def _clauses(text: str) -> dict[str, Any]:
    """Return the fields of a fault from the clauses after its effect."""
    given: dict[str, Any] = {}
    headers: dict[str, str] = {}
    while text:
        match = re.match(rf"(?:{_CLAUSE.pattern})(?: |$)", text)
        if match is None:
            raise ValueError(
                f"unknown clause {text!r}; expected 1.5s, jitter 0.5s, Name=value, before-commit,"
                " after-commit, first 3, every 4th, 20% or seed 7"
            )
        text = text[match.end() :]
        name, value = _field(match)
        if name == "header":
            headers[match["header"]] = value
        elif name in given:
            raise ValueError(f"{name} is given twice")
        else:
            given[name] = value
    return given | ({"headers": headers} if headers else {})


def _field(match: re.Match[str]) -> tuple[str, Any]:
    if match["header"] is not None:
        return "header", match["value"]
    name = match.lastgroup or ""
    value = match[name]
    if name == "commit":
        return "after_commit", value == "after-commit"
    return name, float(value) if name in ("percent", "seconds", "jitter") else int(value)
