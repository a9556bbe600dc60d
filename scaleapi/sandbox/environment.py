"""Options of a command that environment variables can give as well, for containers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

PREFIX = "SCALE_SANDBOX_"
"""What the names of all variables start with."""

_ON, _OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class EnvironmentParser(argparse.ArgumentParser):
    """A parser of options, each of which has a variable: ``SCALE_SANDBOX_PORT`` for ``--port``.

    An option on the command line wins over its variable. A repeatable one adds to it: the values
    in a variable are on lines of their own, or separated by semicolons on one line. A flag is on
    for ``1``, ``true``, ``yes`` or ``on``. An empty variable counts as absent.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        self._settings: dict[str, argparse.Action] = {}
        self._variable: str | None = None
        super().__init__(*args, **named)

    def add_argument(self, *args: Any, **named: Any) -> argparse.Action:
        """Add an option, and its variable if it is a setting."""
        action = super().add_argument(*args, **named)
        if named.get("action") not in ("help", "version"):
            variable = PREFIX + action.dest.upper()
            self._settings[variable] = action
            action.help = f"{action.help} [{variable}]"
        return action

    def parse_with(
        self, environment: Mapping[str, str], arguments: list[str] | None
    ) -> argparse.Namespace:
        """Parse the arguments on top of the environment.

        Args:
            environment: The environment variables.
            arguments: The command-line arguments; by default those of the process.
        """
        parsed = argparse.Namespace()
        for variable, action in self._settings.items():
            if value := environment.get(variable, "").strip():
                self._variable = variable
                for argument in self._arguments(action, value):
                    self.parse_args([argument], parsed)
        self._variable = None
        # No error: Kubernetes sets variables named after services: SCALE_SANDBOX_PORT_80_TCP.
        for name in sorted(name for name in environment if name.startswith(PREFIX)):
            if name not in self._settings:
                print(f"{self.prog}: {name} is not a setting", file=sys.stderr)  # noqa: T201
        return self.parse_args(arguments, parsed)

    def _arguments(self, action: argparse.Action, value: str) -> Iterator[str]:
        """Yield the arguments that a variable stands for."""
        option = action.option_strings[-1]
        if action.nargs == 0:
            if value.lower() not in (*_ON, *_OFF):
                self.error(f"must be one of {', '.join((*_ON, *_OFF))}, not {value!r}")
            if value.lower() in _ON:
                yield option
            return
        several = isinstance(action.default, list)
        separator = "\n" if "\n" in value else ";"
        for one in value.split(separator) if several else [value]:
            if one.strip():
                yield f"{option}={one.strip()}"

    def error(self, message: str) -> NoReturn:
        """Print a message and exit with status 2; name the variable that is wrong."""
        super().error(message if self._variable is None else f"{self._variable}: {message}")
