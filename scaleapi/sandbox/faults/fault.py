"""A fault: which requests fail, how, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, fields
from typing import Literal, TypeGuard, get_args

from ..base.documents import JsonObject, decimal, dumps
from ..base.validation import suggestion

Effect = Literal["reset", "close", "hang", "delay", "truncate", "drip"]

_EFFECTS = get_args(Effect)
_TIMED = ("hang", "delay", "drip")
_WITHOUT_BODY = (204, 304)
_MOST_SECONDS = 86_400
_METHOD = re.compile(r"\*|[A-Z]+")
_PATH = re.compile(r"(/|\*\*)[^\s\x00-\x1f\x7f]*")
_HEADER = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}


def is_dashboard(path: str) -> bool:
    """Return whether a path belongs to the dashboard."""
    return path in ("/", "/dashboard") or path.startswith("/dashboard/")


def is_exempt(path: str) -> bool:
    """Return whether a path is exempt from faults, so that rules can always be removed."""
    return path == "/_sandbox" or path.startswith("/_sandbox/") or is_dashboard(path)


@dataclass(frozen=True)
class Fault:
    """A rule for requests that fail: which ones, how, and when.

    Attributes:
        method: The HTTP method, or ``*`` for any.
        path: The path without the query: ``*`` matches within a segment, ``**`` across segments.
        effect: A status to return, or ``reset`` (the connection), ``close`` (it without a
            response), ``hang``, ``delay``, ``truncate`` (send half of the body) or ``drip`` (send
            the response byte by byte).
        after_commit: Whether the request is processed before the fault. By default it is not
            processed at all (``delay``: after the delay), and ``truncate`` and ``drip`` send an
            error 500.
        seconds: How long to ``hang`` (default: until the client disconnects), how long to
            ``delay``, or the interval between the bytes of a ``drip`` (default: 0.1), in real
            time.
        jitter: How far a ``delay`` is from ``seconds`` at most, in seconds.
        headers: Headers of the status response.
        body: Body of the status response: text or bytes unchanged, anything else as JSON;
            by default a JSON error like those of the API.
        first: Apply to the first N matching requests only.
        every: Apply to every Nth matching request only.
        percent: Apply to this percentage of the matching requests, chosen at random.
        seed: Seed of the random choice; the same seed gives the same sequence.

    Raises:
        ValueError: If a field is invalid; the message names it.

    Example:
        >>> print(Fault("POST", "/v1/task/*", 503, headers={"Retry-After": "2"}, first=3))
        POST /v1/task/* 503 Retry-After=2 first 3
    """

    method: str
    path: str
    effect: int | Effect
    _: KW_ONLY
    after_commit: bool = False
    seconds: float | None = None
    jitter: float | None = None
    headers: Mapping[str, str] | None = None
    body: object = None
    first: int | None = None
    every: int | None = None
    percent: float | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        _check_calls(self.method, self.path)
        _check_effect(self.effect)
        _check_seconds(self.effect, self.seconds)
        _check_jitter(self)
        _check_status(self)
        _check_when(self)
        if self.after_commit not in (True, False):
            raise ValueError(f"after_commit must be true or false, not {self.after_commit!r}")

    def __str__(self) -> str:
        words = [self.method, self.path, str(self.effect)]
        words += [] if self.seconds is None else [f"{decimal(self.seconds)}s"]
        words += [] if self.jitter is None else [f"jitter {decimal(self.jitter)}s"]
        words += [f"{name}={value}" for name, value in (self.headers or {}).items()]
        words += ["after-commit"] if self.after_commit else []
        words += [] if self.first is None else [f"first {self.first}"]
        words += [] if self.every is None else [f"every {_ordinal(self.every)}"]
        words += [] if self.percent is None else [f"{decimal(self.percent)}%"]
        words += [] if self.seed is None else [f"seed {self.seed}"]
        return " ".join(words)

    @classmethod
    def from_json(cls, given: JsonObject) -> Fault:
        """Create a fault from JSON; `ValueError` names missing or unknown fields."""
        known = [field.name for field in fields(cls)]
        for name in sorted(given.keys() - set(known)):
            raise ValueError(f"a fault has no {name}{suggestion(name, known)}")
        if absent := ", ".join(name for name in known[:3] if name not in given):
            raise ValueError(f"{absent} must be given")
        return cls(**given)

    def as_json(self) -> JsonObject:
        """Return the fields that are set."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        if isinstance(self.body, bytes):
            given["body"] = self.body.decode(errors="replace")
        return {name: value for name, value in given.items() if value is not None}

    @property
    def content(self) -> bytes:
        """The body of the status response, in bytes."""
        if self.effect in _WITHOUT_BODY:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        if self.body is None:
            return dumps(
                {"status_code": self.effect, "error": "Injected by a fault rule."}
            ).encode()
        return dumps(self.body).encode()

    @property
    def content_type(self) -> str:
        """The default content type of the body."""
        return "text/plain" if isinstance(self.body, (str, bytes)) else "application/json"


def _check_calls(method: object, path: object) -> None:
    if not isinstance(method, str) or not _METHOD.fullmatch(method):
        raise ValueError(
            f"method must be * or an uppercase HTTP method such as POST, not {method!r}"
        )
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise ValueError(f"path must start with / or ** and contain no whitespace, not {path!r}")
    if "?" in path:
        raise ValueError(f"path is matched without the query, so {path!r} would never match")
    if is_exempt(path):
        raise ValueError(f"path must be one of the API: {path} is exempt from faults")


def _check_effect(effect: object) -> None:
    if _is_whole(effect):
        if not 200 <= effect <= 599:
            raise ValueError(f"effect must be a status between 200 and 599, not {effect}")
    elif effect not in _EFFECTS:
        raise ValueError(f"effect must be a status or {', '.join(_EFFECTS)}, not {effect!r}")


def _check_seconds(effect: object, seconds: object) -> None:
    if seconds is None:
        if effect == "delay":
            raise ValueError("seconds must be given for delay, such as 0.5s")
        return
    if effect not in _TIMED:
        raise ValueError(f"seconds go with {', '.join(_TIMED)}, not with {effect}")
    if not _is_number(seconds) or not 0 <= seconds <= _MOST_SECONDS:
        raise ValueError(f"seconds must be a number from 0 to {_MOST_SECONDS}, not {seconds!r}")


def _check_jitter(fault: Fault) -> None:
    jitter = fault.jitter
    if jitter is None:
        return
    if fault.effect != "delay":
        raise ValueError(f"jitter goes with delay, not with {fault.effect}")
    if not _is_number(jitter) or not 0 <= jitter <= (fault.seconds or 0):
        raise ValueError(f"jitter must be a number from 0 to the delay, not {jitter!r}")


def _check_status(fault: Fault) -> None:
    headers, body = fault.headers, fault.body
    if isinstance(fault.effect, str) and (headers is not None or body is not None):
        raise ValueError(f"headers and body go with a status, not with {fault.effect}")
    if fault.effect in _WITHOUT_BODY and body is not None:
        raise ValueError(f"body must not be given: a {fault.effect} response has none")
    if headers is not None and not isinstance(headers, Mapping):
        raise ValueError(f"headers must be an object, not {headers!r}")
    for name, value in (headers or {}).items():
        if not isinstance(name, str) or not _HEADER.fullmatch(name):
            raise ValueError(f"headers has an invalid name: {name!r}")
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise ValueError(f"headers has an invalid value for {name}: {value!r}")
    try:
        _ = fault.content
    except (TypeError, ValueError):
        raise ValueError("body must be text, bytes or JSON-serializable") from None


def _check_when(fault: Fault) -> None:
    given = [name for name in ("first", "every", "percent") if getattr(fault, name) is not None]
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} cannot be given together")
    _check_whole("first", fault.first, 1)
    _check_whole("every", fault.every, 1)
    _check_whole("seed", fault.seed, 0)
    percent = fault.percent
    if percent is not None and not (_is_number(percent) and 0 <= percent <= 100):
        raise ValueError(f"percent must be a number from 0 to 100, not {percent!r}")
    if fault.seed is not None and percent is None:
        raise ValueError("seed goes with a percentage")


def _check_whole(name: str, value: object, least: int) -> None:
    if value is not None and not (_is_whole(value) and value >= least):
        raise ValueError(f"{name} must be a whole number from {least}, not {value!r}")


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> TypeGuard[float]:
    return _is_whole(value) or isinstance(value, float)


def _ordinal(number: int) -> str:
    teens = 10 <= number % 100 < 20
    return f"{number}{'th' if teens else _SUFFIXES.get(number % 10, 'th')}"
