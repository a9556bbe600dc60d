"""``python -m scaleapi.sandbox``: a local Scale service until Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from .base.errors import Refusal, StartError
from .base.hosts import is_loopback
from .base.version import version
from .environment import EnvironmentParser
from .faults.fault import Fault
from .faults.text import parse_fault
from .fidelity import table
from .rules.task_types import TASK_TYPES
from .rules.transitions import Transition
from .sandbox import Sandbox

_SECRETS = ("test_key", "live_key", "test_callback_secret", "live_callback_secret")


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The command-line arguments; by default those of the process.

    Returns:
        The exit status: 0 after a clean stop, 2 if the sandbox cannot be started.
    """
    options = _parser().parse_with(os.environ, arguments)
    if options.fidelity:
        print(table())
        return 0
    try:
        sandbox = Sandbox(
            port=options.port,
            host=options.host,
            allowed_hosts=options.allow_host,
            https=options.https,
            certificate=options.certificate,
            certificate_key=options.certificate_key,
            database=options.db,
            transition=options.transition,
            deliver_to=options.deliver_to,
            deliver_anywhere=options.deliver_anywhere,
            disabled_types=options.disable_type,
            faults=options.fault,
            rate_limit=options.rate_limit,
            latency=options.latency,
            jitter=options.jitter,
            random_seed=options.random_seed,
            **_secrets(options),
        )
        sandbox.start()
    except (ValueError, StartError) as error:
        print(f"scaleapi.sandbox: {error}", file=sys.stderr)
        return 2
    try:
        with _stop_signal() as stopped, _request_log(options.quiet):
            if options.reset:
                sandbox.reset()
            # A container that restarts gets its own state back, not the seed once more.
            if options.seed is not None and sandbox.is_empty:
                sandbox.seed(options.seed)
            _announce(sandbox, options)
            # On Windows, Ctrl-C does not interrupt a wait without a timeout.
            while not stopped.wait(1):
                pass
    except Refusal as refusal:
        print(f"scaleapi.sandbox: {refusal}", file=sys.stderr)
        return 2
    finally:
        sandbox.stop()
    return 0


def _parser() -> EnvironmentParser:
    parser = EnvironmentParser(
        prog="python -m scaleapi.sandbox",
        description="A local Scale service.",
        epilog="Each option can be given as the environment variable in brackets instead.",
    )
    parser.add_argument("--version", action="version", version=f"scaleapi {version()}")
    _add_network_options(parser)
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
    parser.add_argument(
        "--rate-limit",
        type=_number,
        metavar="NUMBER",
        help="requests per second with each key; any more return 429",
    )
    parser.add_argument(
        "--latency",
        type=_number,
        default=0.0,
        metavar="SECONDS",
        help="delay every request to the API",
    )
    parser.add_argument(
        "--jitter",
        type=_number,
        default=0.0,
        metavar="SECONDS",
        help="how far a delay is from the latency at most, at random",
    )
    parser.add_argument(
        "--disable-type",
        action="append",
        default=[],
        choices=sorted(TASK_TYPES),
        metavar="TYPE",
        help="a task type that is not enabled for the account (may be repeated)",
    )
    for name in _SECRETS:
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            metavar="TEXT",
            help=f"the {name.replace('_', ' ')}, instead of the default one",
        )
    parser.add_argument("--reset", action="store_true", help="delete the stored state first")
    parser.add_argument("--quiet", action="store_true", help="do not log requests")
    parser.add_argument(
        "--fidelity", action="store_true", help="list every behavior with its source, and exit"
    )
    return parser


def _add_network_options(parser: EnvironmentParser) -> None:
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on (default: 127.0.0.1), such as 0.0.0.0 for other machines too",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which other machines call the sandbox: scale.example, *.example.com or *"
        " (may be repeated)",
    )
    parser.add_argument(
        "--https",
        action="store_true",
        help="listen for HTTPS, with a certificate made for this start",
    )
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="listen for HTTPS with this certificate"
    )
    parser.add_argument(
        "--certificate-key",
        type=Path,
        metavar="FILE",
        help="the key of the certificate, if it is in another file",
    )
    parser.add_argument(
        "--deliver-to",
        action="append",
        default=[],
        metavar="HOST",
        help="a host that callbacks and imports may reach (may be repeated)",
    )
    parser.add_argument(
        "--deliver-anywhere",
        action="store_true",
        help="allow callbacks and imports to reach every host",
    )


def _secrets(options: argparse.Namespace) -> dict[str, str]:
    """Return the given keys and callback secrets."""
    given = {name: getattr(options, name) for name in _SECRETS}
    return {name: value for name, value in given.items() if value is not None}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number, not {text!r}") from None


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


def _announce(sandbox: Sandbox, options: argparse.Namespace) -> None:
    """Print where the sandbox is and what to export, without keys and secrets that were given."""
    test_key, live_key, test_secret, live_secret = (
        getattr(sandbox, name) if getattr(options, name) is None else "as given"
        for name in _SECRETS
    )
    print(f"Scale sandbox at {sandbox.url}")
    print(f"Dashboard: {sandbox.dashboard}")
    print(f"Keys: {test_key} (test), {live_key} (live)")
    print(f"Callback secrets: {test_secret} (test), {live_secret} (live)")
    if not is_loopback(options.host):
        print(f"Listening on {options.host}: whoever can connect can change everything.")
    print()
    if options.test_key is None:
        print(f"export SCALE_API_KEY={test_key}")
    if sandbox.certificate is not None:
        print(f"export REQUESTS_CA_BUNDLE={sandbox.certificate}")
    print(f"export SCALE_API_INSTANCE_URL={sandbox.url}\n", flush=True)


@contextmanager
def _request_log(quiet: bool) -> Generator[None]:
    """Print a line per request, unless another sandbox in this process does already."""
    logger = logging.getLogger("scaleapi.sandbox")
    if quiet or logger.handlers:
        yield
        return
    previous = logger.level, logger.propagate
    handler = logging.StreamHandler(sys.stdout)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = previous


@contextmanager
def _stop_signal() -> Generator[threading.Event]:
    """Yield an event that Ctrl-C and SIGTERM set instead of killing the process.

    Only the main thread gets signals. In another one, the sandbox runs until the process ends.
    """
    stopped = threading.Event()
    in_main = threading.current_thread() is threading.main_thread()
    numbers = (signal.SIGINT, signal.SIGTERM) if in_main else ()
    previous = [signal.signal(number, lambda *_: stopped.set()) for number in numbers]
    try:
        yield stopped
    finally:
        for number, handler in zip(numbers, previous, strict=True):
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
