"""The command: its parser, and how errors become exit statuses."""

from __future__ import annotations

import argparse
import os
import re
import sys
from contextlib import suppress

from .._version import __version__
from ..exceptions import ScaleArgumentError, ScaleException
from . import (
    accounts,
    batches,
    completion,
    export,
    files,
    listen,
    projects,
    sandbox,
    studio,
    tasks,
    teams,
)
from .arguments import Parser
from .context import Context
from .errors import UsageError
from .output import printable

__all__ = ["main", "parser"]

_OK, _FAILED, _USAGE = 0, 1, 2

#: The exit status of a command that Ctrl-C ended, as shells have it.
_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The command-line arguments; by default those of the process.

    Returns:
        The exit status: 0 if the command did what it says, 1 if it failed, 2 if it was not given
        as it should be, 130 after Ctrl-C.
    """
    if sys.stderr is None:  # closed: messages must not go to the output instead
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    if sys.stdout is None:  # before anything is paid for that nobody hears of
        print("scaleapi: standard output is closed", file=sys.stderr)
        return _FAILED
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["sandbox"]:  # has a parser of its own
        return sandbox.main(words[1:])
    options = _parse(words)
    try:
        context = Context(options)
        options.run(context)
        sys.stdout.flush()
    except (UsageError, ScaleException, OSError, KeyboardInterrupt) as error:
        return _report(error, options)
    return _FAILED if context.failed else _OK


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command."""
    root = Parser(
        prog="scaleapi",
        description="Use the Scale AI API from a shell.",
        epilog="The key is taken from SCALE_API_KEY or from a profile (scaleapi profiles add).",
    )
    root.add_argument("--version", action="version", version=f"scaleapi {__version__}")
    nouns = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (tasks, batches, projects, export, files, teams, studio, listen, accounts):
        module.add_commands(nouns)
    nouns.add_parser("sandbox", add_help=False, help="Start a local Scale service.")
    completion.add_commands(nouns)
    return root


def _parse(words: list[str]) -> argparse.Namespace:
    """Return the parsed arguments; fields may also stand after options."""
    root = parser()
    options, rest = root.parse_known_args(words)
    if rest and hasattr(options, "fields") and not any(word.startswith("-") for word in rest):
        options.fields += rest
    elif rest:
        root.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def _report(error: BaseException, options: argparse.Namespace) -> int:
    """Print an error in one line and return the exit status for it."""
    if isinstance(error, OSError):
        # What is still buffered for standard output must not fail again at exit.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return _FAILED  # the reader has seen enough
    interrupted = isinstance(error, KeyboardInterrupt)
    text = "interrupted" if interrupted else str(error)
    if isinstance(error, ScaleArgumentError):
        text = _with_options(text, options.usage())
    print(f"scaleapi: {printable(text)}", file=sys.stderr)
    if interrupted:
        return _INTERRUPTED
    return _USAGE if isinstance(error, (UsageError, ScaleArgumentError)) else _FAILED


def _with_options(text: str, usage: str) -> str:
    """Replace the names of the client's arguments by the options of the command that set them."""
    options = set(re.findall(r"--[a-z-]+", usage))

    def option(name: re.Match[str]) -> str:
        found = f"--{name[0].replace('_', '-')}"
        return found if found in options else name[0]

    return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", option, text)
