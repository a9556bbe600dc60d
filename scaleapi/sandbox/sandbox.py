"""The `Sandbox` class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from .app import create_app
from .base.clock import Clock
from .base.documents import JsonObject
from .base.errors import Refusal, StartError
from .base.hosts import Hosts, reachable_at
from .callbacks.delivery import Delivery
from .control.task_actions import TaskActions
from .faults.fault import Fault
from .faults.middleware import FaultMiddleware
from .faults.rule_set import Faults, as_fault
from .faults.traffic import Latency, RateLimit
from .http.request_log import Request
from .http.server import Server
from .http.tls import Certificate, load_certificate, make_certificate, write_temporary
from .rules.task_types import TASK_TYPES
from .rules.transitions import Transition
from .seeds.load import read_seed
from .service import Service
from .storage.store import Store


class Sandbox(TaskActions):
    """A local Scale service.

    Args:
        port: The port to listen on; 0 chooses a free one.
        host: The address to listen on, such as ``"0.0.0.0"`` for all; by default, only this
            machine can connect. Whoever can connect can use the control API without a key.
        allowed_hosts: Names by which other machines call the sandbox, as in their ``Host``
            header: ``"scale.example"``, ``"*.example.com"`` or ``"*"``. Loopback and the address
            connected to are always allowed.
        https: Whether to listen for HTTPS with a certificate made for this start; clients must
            trust `certificate`. Requires the extra ``https``.
        certificate: A PEM file with the certificate for HTTPS.
        certificate_key: The PEM file of its private key, if it is another file.
        database: A file for the state; by default it is kept in memory and lost on `stop`.
        transition: When pending tasks are completed: ``"immediate"``, ``"after 2s"`` (on the
            sandbox's clock), ``"after 3 reads"`` or ``"manual"``. By default, immediately in
            test mode and after one second in live mode.
        test_key: The API key of test mode.
        live_key: The API key of live mode.
        test_callback_secret: The secret that authenticates callbacks in test mode.
        live_callback_secret: The secret that authenticates callbacks in live mode.
        deliver_to: Hosts that callbacks and imports may reach besides loopback, such as
            ``"app"`` or ``"*.example.com"``.
        deliver_anywhere: Whether callbacks and imports may reach every host.
        disabled_types: Task types that are not enabled for the account; creating one returns 402.
        faults: Rules that make requests fail, such as ``"POST /v1/task/* reset 20%"``.
        rate_limit: Requests per second with each key; any more return 429 with ``Retry-After``.
        latency: By how many seconds to delay every request to the API.
        jitter: How far a delay is from the latency at most, at random.
        random_seed: Makes ids and canned responses the same on every run that makes the same
            calls in the same order. `Clock.freeze` does so for timestamps. Requests then wait
            for attachments on local servers to be probed, up to half a second.

    Raises:
        ValueError: If an argument is invalid.

    Example:
        >>> with Sandbox(transition="after 2s") as sandbox:
        ...     sandbox.clock.advance(2)
    """

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        allowed_hosts: Iterable[str] = (),
        https: bool = False,
        certificate: str | Path | None = None,
        certificate_key: str | Path | None = None,
        database: str | Path | None = None,
        transition: str | None = None,
        test_key: str = "test_sandbox_key",
        live_key: str = "live_sandbox_key",
        test_callback_secret: str = "test_auth_sandbox",  # noqa: S107 (not a real secret)
        live_callback_secret: str = "live_auth_sandbox",  # noqa: S107
        deliver_to: Iterable[str] = (),
        deliver_anywhere: bool = False,
        disabled_types: Iterable[str] = (),
        faults: Iterable[str | Fault] = (),
        rate_limit: float | None = None,
        latency: float = 0.0,
        jitter: float = 0.0,
        random_seed: int | None = None,
    ) -> None:
        if "*" in (address := _hosts("host", [host]).patterns[0]):
            raise ValueError(f"host must be one address such as 127.0.0.1 or 0.0.0.0, not {host!r}")
        if not 0 <= port <= 65535:
            raise ValueError(f"port must be between 0 and 65535, not {port}")
        _check_keys(test_key, live_key)
        _check_secret("test_callback_secret", test_callback_secret)
        _check_secret("live_callback_secret", live_callback_secret)
        self.test_key = test_key
        self.live_key = live_key
        self.test_callback_secret = test_callback_secret
        self.live_callback_secret = live_callback_secret
        if certificate_key is not None and certificate is None:
            raise ValueError("certificate_key goes with certificate")
        if https and certificate is not None:
            raise ValueError("https makes a certificate, so certificate cannot be given as well")
        self._host = address
        self._allowed_hosts = _hosts("allowed_hosts", allowed_hosts)
        self._makes_certificate = https
        self._certificate = None if certificate is None else Path(certificate)
        self._certificate_key = None if certificate_key is None else Path(certificate_key)
        self._port = port
        self._database = database
        self._transition = None if transition is None else Transition.parse(transition)
        self._reachable = Hosts(["*"]) if deliver_anywhere else _hosts("deliver_to", deliver_to)
        self._disabled_types = frozenset(disabled_types)
        if not self._disabled_types <= set(TASK_TYPES):
            raise ValueError(f"disabled_types must be some of: {', '.join(TASK_TYPES)}")
        self._faults = tuple(as_fault(fault) for fault in faults)
        self._rate_limit = RateLimit(rate_limit).per_second
        self._latency = Latency.checked(latency, jitter)
        if random_seed is not None and type(random_seed) is not int:
            raise ValueError(f"random_seed must be a whole number, not {random_seed!r}")
        self._random_seed = random_seed
        self._service: Service | None = None
        self._server: Server | None = None
        self._certificate_file: Path | None = None

    def start(self) -> Sandbox:
        """Open the database and handle requests in threads until `stop`.

        Returns:
            The sandbox.

        Raises:
            StartError: If the port is in use, or the database or certificate cannot be used.
        """
        if self._server is not None:
            raise StartError("The sandbox is running already.")
        certificate = self._load_certificate()
        service = Service(
            Store(self._database, self._random_seed),
            transition=self._transition,
            keys={self.test_key: "test", self.live_key: "live"},
            callback_secrets={
                "test": self.test_callback_secret,
                "live": self.live_callback_secret,
            },
            allowed_hosts=self._allowed_hosts,
            reachable=self._reachable,
            disabled_types=self._disabled_types,
            faults=self._faults,
            rate_limit=self._rate_limit,
            latency=self._latency,
        )
        try:
            application = FaultMiddleware(
                create_app(service).wsgi_app, service.faults, lambda: service.latency
            )
            tls = certificate.context if certificate else None
            server = Server(application, self._host, self._port, service.log_request, tls)
        except OSError as error:
            service.store.close()
            reason = error.strerror or error
            raise StartError(
                f"Cannot listen on {self._host}, port {self._port}: {reason}."
            ) from error
        here = reachable_at(self._host)
        scheme = "https" if certificate else "http"
        service.local_origin = f"{scheme}://{here}:{server.port}"
        # Links in callbacks must lead here from other machines.
        elsewhere = self._allowed_hosts.first_name if here != self._host else None
        try:
            service.set_origin(f"{scheme}://{elsewhere or here}:{server.port}")
        except Refusal as refusal:
            server.server_close()
            service.store.close()
            raise StartError(f"The database {self._database}: {refusal}") from None
        if certificate:
            service.certificate = certificate.trusted
            self._certificate_file = self._certificate or write_temporary(certificate.trusted)
        service.start()
        server.start()
        self._service, self._server = service, server
        return self

    def stop(self) -> None:
        """Finish responses in progress, then close all connections and the database.

        Undelivered callbacks stay in the database file and are retried when it is opened again.
        """
        if self._server is not None and self._service is not None:
            self._service.faults.end()
            self._service.stop_probes()
            self._server.stop()
            self._service.stop()
            self._service.store.close()
            self._service = self._server = None
            if self._certificate is None and self._certificate_file is not None:
                self._certificate_file.unlink(missing_ok=True)
            self._certificate_file = None

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Base URL of the API, such as ``http://127.0.0.1:8080/v1``."""
        return f"{self._running.local_origin}/v1"

    @property
    def dashboard(self) -> str:
        """URL of the dashboard, such as ``http://127.0.0.1:8080/``."""
        return f"{self._running.local_origin}/"

    @property
    def certificate(self) -> Path | None:
        """PEM file with the certificate that clients must trust; None without HTTPS.

        One that was made for this start is deleted on `stop`.
        """
        return self._certificate_file

    @property
    def is_empty(self) -> bool:
        """Whether neither mode has any resource."""
        return self._running.is_empty

    @property
    def clock(self) -> Clock:
        """The sandbox's clock, which tests can advance."""
        return self._running.clock

    @property
    def faults(self) -> Faults:
        """Rules that make requests fail."""
        return self._running.faults

    @property
    def transition(self) -> str | None:
        """When pending tasks are completed; a new value applies to tasks scheduled from then on."""
        transition = self._running.transition
        return None if transition is None else str(transition)

    @transition.setter
    def transition(self, transition: str | None) -> None:
        self._running.transition = None if transition is None else Transition.parse(transition)

    @property
    def rate_limit(self) -> float | None:
        """Requests per second with each key; None for no limit."""
        return self._running.rate_limit.per_second

    @rate_limit.setter
    def rate_limit(self, per_second: float | None) -> None:
        self._running.rate_limit = RateLimit(per_second)

    def set_latency(self, seconds: float, jitter: float = 0.0) -> None:
        """Delay every request to the API from now on.

        Args:
            seconds: The average delay in real seconds; 0 for none.
            jitter: How far a delay is from the average at most, at random.

        Raises:
            ValueError: If one is negative, or the jitter is larger than the delay.
        """
        self._running.latency = Latency.checked(seconds, jitter)

    @property
    def requests(self) -> list[Request]:
        """The last 1,000 requests, oldest first."""
        return list(self._running.requests)

    @property
    def deliveries(self) -> list[Delivery]:
        """The last 1,000 callbacks with every delivery attempt, oldest first."""
        return self._running.deliveries()

    def wait_for_callbacks(self, timeout: float = 10.0) -> None:
        """Wait until all due tasks are completed and all due callbacks have been attempted.

        Retries that are due later are not waited for; advance the clock first.

        Args:
            timeout: Timeout in real seconds.

        Raises:
            TimeoutError: If a receiver takes longer than that.
        """
        if not self._running.worker.wait(timeout):
            raise TimeoutError(f"Some callbacks are still in progress after {timeout:g} seconds.")

    def seed(self, seed: str | Path | Mapping[str, Any]) -> None:
        """Create projects, batches, tasks, deliveries, datasets and more at once.

        Args:
            seed: A JSON file, or its content as a mapping: for each mode, the resources to
                create as bodies of the requests that would create them. In code, any iterable
                may be used as an array.

        Raises:
            Refusal: If the seed is invalid (400) or a name is taken (409). Nothing is created
                then.

        Example:
            >>> task = {"type": "datacollection", "fields": {"a": "b"}}
            >>> sandbox.seed({"test": {"tasks": [task | {"status": "pending", "count": 1000}]}})
        """
        given = read_seed(seed) if isinstance(seed, (str, Path)) else seed
        self._running.seed(given)

    def export(self) -> JsonObject:
        """Return a seed that recreates the state: every resource, with its ids and times.

        Settings, the clock, fault rules and the request log are not part of it. What is due in a
        minute is due a minute after the seed is loaded.

        Example:
            >>> Path("seed.json").write_text(json.dumps(sandbox.export()))
        """
        return self._running.export()

    def snapshot(self) -> bytes:
        """Return a snapshot of the whole state, including the offset of the clock."""
        return self._running.store.snapshot()

    def restore(self, snapshot: bytes) -> None:
        """Restore a snapshot of this or another sandbox.

        Raises:
            Refusal: If it is not an intact snapshot (400) or there is no room for it (507).
                Nothing is changed then.
        """
        self._running.restore(snapshot)

    def reset(self) -> None:
        """Delete all resources and logs, and reset the clock.

        Restores the transition, the faults, the rate limit and the latency that were passed to the
        constructor.
        """
        self._running.reset()

    def _load_certificate(self) -> Certificate | None:
        if self._certificate is not None:
            return load_certificate(self._certificate, self._certificate_key)
        if not self._makes_certificate:
            return None
        names = ["localhost", "127.0.0.1", "::1", self._host]
        return make_certificate(names + [one for one in self._allowed_hosts.patterns if one != "*"])

    @property
    def _running(self) -> Service:
        if self._service is None:
            raise StartError("The sandbox is not running: call start(), or use it in a with block.")
        return self._service


def _hosts(name: str, patterns: Iterable[str]) -> Hosts:
    try:
        return Hosts(patterns)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _check_secret(name: str, secret: str) -> None:
    # Safe to send in a header.
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError(f"{name} must be printable ASCII without spaces")


def _check_keys(test_key: str, live_key: str) -> None:
    for name, key in (("test_key", test_key), ("live_key", live_key)):
        if not key or not key.isascii() or not key.isprintable() or ":" in key or " " in key:
            raise ValueError(f"{name} must be printable ASCII without spaces and colons")
    if test_key == live_key:
        raise ValueError("test_key and live_key must differ")
