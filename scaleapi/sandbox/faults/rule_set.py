"""The fault rules that are set, and how often each of them applied."""

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


class Rule:
    """A fault that is set.

    Attributes:
        id: Its number among the rules of one sandbox.
        fault: What is to happen.
        matched: How many calls it was for.
        fired: How many of them it changed.
    """

    def __init__(self, number: int, fault: Fault) -> None:
        self.id = number
        self.fault = fault
        self.matched = 0
        self.fired = 0
        self._path = re.compile(
            "".join(_GLOB.get(part) or re.escape(part) for part in re.split(r"(\*\*?)", fault.path))
        )
        self._chance = Random(fault.seed or 0)  # noqa: S311  # it must be possible to repeat

    def matches(self, method: str, path: str) -> bool:
        """Tell whether a call is one of those that the rule is for."""
        return self.fault.method in ("*", method) and self._path.fullmatch(path) is not None

    def fires(self) -> bool:
        """Count a call that matches; tell whether it is its turn to go wrong."""
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

    def as_json(self) -> JsonObject:
        """Return the rule in words and in fields, with its counts."""
        counts = {"matched": self.matched, "fired": self.fired}
        return {"id": self.id, "rule": str(self.fault)} | self.fault.as_json() | counts


class Faults:
    """The rules by which calls go wrong, in order: the first whose turn it is applies.

    Args:
        given: The rules to begin with.

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
        # Replaced, never changed, so that it can be read without the lock.
        self._rules: tuple[Rule, ...] = ()
        self.reset()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def add(self, fault: str | Fault) -> Rule:
        """Set one more rule, after those that are set already.

        Args:
            fault: A `Fault`, or one in words such as ``"GET /v1/tasks 503 first 3"``.

        Returns:
            The rule, whose counts can be watched.

        Raises:
            ValueError: If it is none; the message says what is wrong.
        """
        fault = as_fault(fault)
        with self._lock:
            rule = Rule(next(self._numbers), fault)
            self._rules = (*self._rules, rule)
        return rule

    def remove(self, rule: Rule) -> None:
        """Take a rule away.

        Raises:
            ValueError: If it is not set.
        """
        with self._lock:
            if rule not in self._rules:
                raise ValueError(f"the rule {rule.fault} is not set")
            self._rules = tuple(other for other in self._rules if other is not rule)

    def clear(self) -> None:
        """Take all rules away."""
        with self._lock:
            self._rules = ()

    def reset(self) -> None:
        """Go back to the rules of the beginning, with counts of zero."""
        with self._lock:
            self._rules = tuple(Rule(next(self._numbers), fault) for fault in self._given)

    def choose(self, method: str, path: str) -> Rule | None:
        """Count a call, and return the rule that applies to it, if any."""
        with self._lock:
            return next(
                (rule for rule in self._rules if rule.matches(method, path) and rule.fires()), None
            )

    def wait(self, seconds: float) -> bool:
        """Let an answer wait; return whether the sandbox is still there afterwards."""
        return not self._ended.wait(seconds)

    def end(self) -> None:
        """Let no answer wait any more: the sandbox is about to stop."""
        self._ended.set()


def as_fault(fault: str | Fault) -> Fault:
    """Return a fault that may be given in words."""
    return parse_fault(fault) if isinstance(fault, str) else fault
