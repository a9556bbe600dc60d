"""Arguments that several commands have."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from .fields import FIELDS_HELP

if TYPE_CHECKING:
    from .context import Context

__all__ = [
    "Commands",
    "Parser",
    "Run",
    "add_command",
    "add_consent",
    "add_fields",
    "add_limit",
    "add_noun",
    "add_timeout",
    "count",
    "page_size",
    "positive",
]

#: The most rows that the service returns at once.
_LARGEST_PAGE = 100

#: The subcommands of a parser.
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"

#: Carries out a command.
Run: TypeAlias = "Callable[[Context], None]"


#: What looks like an API key or a callback auth key.
_KEY = re.compile(r"\b(live|test)_[^\s'\"]+")


class Parser(argparse.ArgumentParser):
    """A parser whose errors show no key that was given where none belongs."""

    def error(self, message: str) -> NoReturn:
        """Print an error and exit: it may end in the log of a script."""
        super().error(_KEY.sub("<hidden>", message))


def add_noun(nouns: Commands, name: str, about: str) -> Commands:
    """Add a group of commands and return it."""
    parser = nouns.add_parser(name, help=about, description=about)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def add_command(verbs: Commands, name: str, about: str, run: Run) -> argparse.ArgumentParser:
    """Add a command with the options that all have, and return its parser."""
    parser = verbs.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run, usage=parser.format_usage)
    parser.add_argument(
        "--profile", metavar="NAME", help="use the account of this profile (see: scaleapi profiles)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON lines, as in a pipe, on a terminal too"
    )
    return parser


def add_consent(parser: argparse.ArgumentParser, dry_run: bool = True) -> None:
    """Add the options of a command that costs money or reaches people."""
    parser.add_argument(
        "--yes", action="store_true", help="do not ask; required for live keys in scripts"
    )
    if dry_run:
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would be sent, and send nothing"
        )


def add_fields(parser: argparse.ArgumentParser, about: str) -> None:
    """Add fields and a file of them."""
    parser.add_argument("fields", nargs="*", metavar="FIELD", help=f"{about}: {FIELDS_HELP}")
    parser.add_argument(
        "--params", metavar="FILE", help="read fields from this JSON file (- for standard input)"
    )


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """Add the limit of a wait."""
    parser.add_argument(
        "--timeout", type=positive, metavar="SECONDS", help="stop waiting after this time"
    )


def add_limit(parser: argparse.ArgumentParser) -> None:
    """Add the number of rows after which a list ends."""
    parser.add_argument("--limit", type=count, metavar="N", help="stop after this many")


def page_size(limit: int | None) -> int | None:
    """Return the size of the pages of a list that ends after ``limit`` rows."""
    return None if limit is None else min(limit, _LARGEST_PAGE)


def count(text: str) -> int:
    """Return a whole number that is at least 1."""
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"must be at least 1, not {text!r}")
    return int(text)


def positive(text: str) -> float:
    """Return a number that is greater than 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number greater than 0, not {text!r}")
    return number
