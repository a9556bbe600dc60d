"""Requests that are generated from the OpenAPI description, valid ones and others."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.test_openapi import WORLD, identities

if TYPE_CHECKING:
    from schemathesis import Case  # which is slow to import

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)

REQUESTS = {"positive": 4, "negative": 2}
"""Requests to each operation, besides the examples: as described, and not."""

EXISTING = 0.75
"""The part of them whose ids and names are those of resources that exist."""


class World:
    """A sandbox with one of each resource."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.random = Random(0)
        self.known: dict[str, str] = {}
        self.statuses: Counter[int] = Counter()
        self.succeeded: set[str] = set()
        checks = pytest.importorskip("schemathesis.checks")
        checks.load_all_checks()
        self.checks = checks.CHECKS.get_by_names(CHECKS)
        self.restore()

    def restore(self) -> None:
        """Undo everything."""
        self.sandbox.reset()
        self.sandbox.seed(dict.fromkeys(("test", "live"), WORLD))
        self.known = identities(self.sandbox)

    def send(self, case: Case) -> None:
        """Send a request and check the response."""
        if self.random.random() < EXISTING:
            self.name_what_exists(case)
        response = case.call(auth=(self.sandbox.live_key, ""))
        case.validate_response(response, checks=self.checks)
        self.statuses[response.status_code] += 1
        if response.status_code < 400:
            self.succeeded.add(case.operation.label)
        if case.path.startswith("/_sandbox/"):  # which may have changed anything
            self.restore()

    def name_what_exists(self, case: Case) -> None:
        """Replace ids and names by those of resources that exist."""
        known = dict(self.known)
        for part, name in (("/v1/projects", "parcels"), ("/v1/studio/projects", "studio")):
            if case.path.startswith(part):
                known |= {"name": name, "project": name}
        for values in (case.path_parameters, case.query, case.body):
            if isinstance(values, dict):
                new = case.method == "POST" and values is case.body  # names must not be taken
                for key in [key for key in values if key in known and not (new and key == "name")]:
                    values[key] = known[key]
                for key in ("next_token", "cursor"):  # which responses make up
                    values.pop(key, None)


@pytest.mark.slow
def test_generated_requests() -> None:
    """More than 500, some to every operation: no 5xx, and nothing that is not described."""
    schemathesis = pytest.importorskip("schemathesis", reason="needs Python 3.11")
    with Sandbox() as sandbox:
        world = World(sandbox)
        url = sandbox.url.replace("/v1", "/_sandbox/openapi.json")
        schema = schemathesis.openapi.from_url(url)
        operations = [result.ok() for result in schema.get_all_operations()]
        for operation in operations:
            for cases in operation.get_strategies_from_examples():
                send(world, cases, 1)
            for mode, requests in REQUESTS.items():
                cases = operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode))
                with suppress(Unsatisfiable):  # nothing about it could be wrong
                    send(world, cases, requests)
    assert world.statuses.total() >= 500, world.statuses
    failed = {operation.label for operation in operations} - world.succeeded
    assert len(failed) < len(operations) / 3, sorted(failed)


def send(world: World, cases: SearchStrategy[Case], requests: int) -> None:
    """Send so many requests."""

    @settings(
        max_examples=requests,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=cases)
    def send_one(case: Case) -> None:
        world.send(case)

    send_one()
