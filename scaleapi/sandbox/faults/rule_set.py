"""The active fault rules and their counts."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterable, Iterator
from random import Random

from ..base.documents import JsonObject
from .fault import Fault
from .text import parse_fault

_GLOB = {"*": "[^/]*", "**": ".*"}


def glob(path: str) -> re.Pattern[str]:
    """Return the pattern of a path: ``*`` matches within a segment, ``**`` across segments."""
    parts = re.split(r"(\*\*?)", path)
    return re.compile("".join(_GLOB.get(part) or re.escape(part) for part in parts))


class Rule:
    """An active fault rule.

    Attributes:
        id: Its number, unique within a sandbox.
        fault: The fault.
        matched: How many requests matched it.
        fired: How many of them it made fail.
    """

    def __init__(self, number: int, fault: Fault) -> None:
        self.id = number
        self.fault = fault
        self.matched = 0
        self.fired = 0
        self._path = glob(fault.path)
        self._chance = Random(fault.seed or 0)  # noqa: S311  # must be reproducible
        self._jitter = Random(fault.seed or 0)  # noqa: S311

    def matches(self, method: str, path: str) -> bool:
        """Return whether a request matches the rule."""
        return self.fault.method in ("*", method) and self._path.fullmatch(path) is not None

    def fires(self) -> bool:
        """Count a matching request; return whether it should fail."""
        self.matched += 1
        fault = self.fault
        fires = True
        if fault.first is not None:
            fires = self.matched <= fault.first
        elif fault.every is not None:
            fires = self.matched % fault.every == 0
        elif fault.percent is not None:
            fires = self._chance.random() * 100 < fault.percent
        self.fired += fires
        return fires

    def delay(self) -> float:
        """Return how long to delay a request, in seconds."""
        jitter = self.fault.jitter or 0.0
        return (self.fault.seconds or 0.0) + self._jitter.uniform(-jitter, jitter)

    def as_json(self) -> JsonObject:
        """Return the rule as JSON: its text, its fields and its counts."""
        counts = {"matched": self.matched, "fired": self.fired}
        return {"id": self.id, "rule": str(self.fault)} | self.fault.as_json() | counts


class Faults:
    """The active fault rules, in order.

    To a request apply the first rule that fires and every ``delay`` that does.

    Args:
        given: The initial rules.

    Example:
        >>> with Sandbox() as sandbox:
        ...     rule = sandbox.faults.add("POST /v1/task/* reset after-commit 20%")
        ...     print(rule.matched, rule.fired)
        0 0
    """

    def __init__(self, given: Iterable[Fault] = ()) -> None:
        self._given = tuple(given)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._ended = threading.Event()
        # Replaced, never mutated, so that it can be read without the lock.
        self._rules: tuple[Rule, ...] = ()
        self.reset()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def add(self, fault: str | Fault) -> Rule:
        """Add a rule after the existing ones.

        Args:
            fault: A `Fault` or its text form, such as ``"GET /v1/tasks 503 first 3"``.

        Returns:
            The rule, with its counts.

        Raises:
            ValueError: If the rule is invalid; the message says why.
        """
        fault = as_fault(fault)
        with self._lock:
            rule = Rule(next(self._numbers), fault)
            self._rules = (*self._rules, rule)
        return rule

    def remove(self, rule: Rule) -> None:
        """Remove a rule.

        Raises:
            ValueError: If the rule is not active.
        """
        with self._lock:
            if rule not in self._rules:
                raise ValueError(f"the rule {rule.fault} is not active")
            self._rules = tuple(other for other in self._rules if other is not rule)

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules = ()

    def reset(self) -> None:
        """Restore the initial rules with counts of zero."""
        with self._lock:
            self._rules = tuple(Rule(next(self._numbers), fault) for fault in self._given)

    def choose(self, method: str, path: str) -> list[Rule]:
        """Count a request and return the rules that apply to it: delays, and at most one other."""
        chosen: list[Rule] = []
        with self._lock:
            decided = False
            for rule in self._rules:
                delays = rule.fault.effect == "delay"
                if (delays or not decided) and rule.matches(method, path) and rule.fires():
                    chosen.append(rule)
                    decided = decided or not delays
        return chosen

    def wait(self, seconds: float) -> bool:
        """Wait; return False if the sandbox stops meanwhile."""
        return not self._ended.wait(seconds)

    def end(self) -> None:
        """End all waits: the sandbox is stopping."""
        self._ended.set()


def as_fault(fault: str | Fault) -> Fault:
    """Return a fault given as an object or in text form."""
    return parse_fault(fault) if isinstance(fault, str) else fault
