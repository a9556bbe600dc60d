"""``python -m scaleapi.sandbox``: a local Scale service until Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from .base.errors import Refusal, StartError
from .faults.fault import Fault
from .faults.text import parse_fault
from .fidelity import table
from .rules.transitions import Transition
from .sandbox import Sandbox


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The command-line arguments; by default those of the process.

    Returns:
        The exit status: 0 after a clean stop, 2 if the sandbox cannot be started.
    """
    options = _parser().parse_args(arguments)
    if options.fidelity:
        print(table())
        return 0
    sandbox = Sandbox(
        port=options.port,
        database=options.db,
        transition=options.transition,
        deliver_anywhere=options.deliver_anywhere,
        faults=options.fault,
        random_seed=options.random_seed,
    )
    try:
        sandbox.start()
    except StartError as error:
        print(f"scaleapi.sandbox: {error}", file=sys.stderr)
        return 2
    try:
        stopped = _stop_signal()
        if options.reset:
            sandbox.reset()
        # A container that restarts gets its own state back, not the seed once more.
        if options.seed is not None and sandbox.is_empty:
            sandbox.seed(options.seed)
        if not options.quiet:
            _log_to_stdout()
        _announce(sandbox)
        # On Windows, Ctrl-C does not interrupt a wait without a timeout.
        while not stopped.wait(1):
            pass
    except Refusal as refusal:
        print(f"scaleapi.sandbox: {refusal}", file=sys.stderr)
        return 2
    finally:
        sandbox.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scaleapi.sandbox", description="A local Scale service, on loopback."
    )
    parser.add_argument(
        "--port", type=_port, default=0, help="port to listen on (default: a free port)"
    )
    parser.add_argument("--db", type=Path, metavar="FILE", help="store the state in this file")
    parser.add_argument(
        "--transition",
        type=_transition,
        metavar="RULE",
        help='when tasks are completed: "immediate", "after 2s", "after 3 reads" or "manual"'
        " (default: immediately in test mode, after 1s in live mode)",
    )
    parser.add_argument(
        "--seed",
        type=Path,
        metavar="FILE",
        help="create the resources in this JSON file, unless the database has any",
    )
    parser.add_argument(
        "--deliver-anywhere",
        action="store_true",
        help="allow callbacks and imports to reach other hosts",
    )
    parser.add_argument(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="RULE",
        help='make requests fail: "POST /v1/task/* reset after-commit 20%%" (may be repeated)',
    )
    parser.add_argument(
        "--random-seed",
        type=int,
        metavar="NUMBER",
        help="make ids and canned responses the same on every run",
    )
    parser.add_argument("--reset", action="store_true", help="delete the stored state first")
    parser.add_argument("--quiet", action="store_true", help="do not log requests")
    parser.add_argument(
        "--fidelity", action="store_true", help="list every behavior with its source, and exit"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"must be between 0 and 65535, not {text!r}")
    return int(text)


def _transition(text: str) -> str:
    try:
        Transition.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _fault(text: str) -> Fault:
    try:
        return parse_fault(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _announce(sandbox: Sandbox) -> None:
    print(f"Scale sandbox at {sandbox.url}")
    print(f"Dashboard: {sandbox.dashboard}")
    print(f"Keys: {sandbox.test_key} (test), {sandbox.live_key} (live)")
    secrets = sandbox.test_callback_secret, sandbox.live_callback_secret
    print(f"Callback secrets: {secrets[0]} (test), {secrets[1]} (live)\n")
    print(f"export SCALE_API_KEY={sandbox.test_key}")
    print(f"export SCALE_API_INSTANCE_URL={sandbox.url}\n", flush=True)


def _log_to_stdout() -> None:
    """Print a line per request."""
    logger = logging.getLogger("scaleapi.sandbox")
    logger.addHandler(logging.StreamHandler(sys.stdout))
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _stop_signal() -> threading.Event:
    """Return an event that Ctrl-C and SIGTERM set instead of killing the process."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


if __name__ == "__main__":
    sys.exit(main())
