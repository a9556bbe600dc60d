"""Invalid responses: each call succeeds or raises a ``ScaleException``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaleapi import ScaleClient, ScaleException
from scaleapi._http import policy
from tests.wire.conftest import KEY
from tests.wire.hostile import ANSWERS, CALLS, play
from tests.wire.server import Server

pytestmark = pytest.mark.slow

Survive = Callable[[str, Sequence[bytes]], None]


@pytest.fixture(scope="module")
def survive() -> Iterator[Survive]:
    """Make a call to a server that sends these responses."""
    with pytest.MonkeyPatch.context() as patch, Server() as server:
        patch.setattr(policy, "BASE_WAIT", 0.0)
        patch.setattr(policy, "BASE_WAIT_RATE_LIMITED", 0.0)
        patch.setattr(logging.getLogger("urllib3"), "disabled", True)
        client = ScaleClient(KEY, api_instance_url=server.url, verify=False)
        limited = client.with_options(timeout=2, deadline=5, max_retries=2, max_body=10_000_000)

        def make(name: str, responses: Sequence[bytes]) -> None:
            server.default = play(responses)
            try:
                CALLS[name](limited, server.url)
            except ScaleException as error:
                assert KEY not in str(error)  # noqa: PT017 - it may also succeed

        with client:
            yield make


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(st.sampled_from(sorted(CALLS)), ANSWERS)
def test_any_response(survive: Survive, name: str, responses: Sequence[bytes]) -> None:
    """Bodies, headers, statuses and encodings of any kind."""
    survive(name, responses)
