"""Finalizing a batch is recovered after a lost response."""

from __future__ import annotations

import pytest

from scaleapi.exceptions import ScaleInternalError, ScaleInvalidRequest
from tests.wire.conftest import Connect, Serve
from tests.wire.server import Reply, Request, Server, after, before, reset, respond, succeed

pytestmark = pytest.mark.usefixtures("no_waits")


class Batches:
    """A Rapid batch, which can be finalized only in staging."""

    def __init__(self) -> None:
        self.status = "staging"

    def __call__(self, request: Request) -> Reply:
        if request.path.endswith("/finalize"):
            if self.status != "staging":
                return Reply({"status_code": 400, "error": "Batch is not staging."}, 400)
            self.status = "in_progress"
        return Reply({"name": "b", "project": "p", "status": self.status})


@pytest.fixture
def rapid(serve: Serve) -> Server:
    """A server with a Rapid batch."""
    return serve(Batches())


def test_a_lost_response_is_recovered(rapid: Server, connect: Connect) -> None:
    """The first attempt finalized the batch, so the rejection of the retry is not an error."""
    rapid.script(after(reset))
    assert connect(rapid).finalize_batch("b").status == "in_progress"
    assert [request.method for request in rapid.requests] == ["POST", "POST", "GET"]


def test_a_second_finalize_is_rejected(rapid: Server, connect: Connect) -> None:
    """Without a lost response, the rejection is raised."""
    client = connect(rapid)
    client.finalize_batch("b")
    with pytest.raises(ScaleInvalidRequest, match="not staging"):
        client.finalize_batch("b")
    assert len(rapid.requests) == 2


def test_the_rejection_is_raised_if_the_batch_is_still_staging(
    rapid: Server, connect: Connect
) -> None:
    """A rejection for another reason is raised, even after a lost response."""
    rapid.script(before(reset), before(respond(status=400)))
    with pytest.raises(ScaleInvalidRequest, match="told to return 400"):
        connect(rapid).finalize_batch("b")
    assert len(rapid.requests) == 3


def test_the_rejection_is_raised_if_the_lookup_fails(rapid: Server, connect: Connect) -> None:
    """The rejection is raised with a hint, not the error of the lookup."""
    rapid.script(after(reset), after(succeed), *[before(respond(status=500))] * 4)
    with pytest.raises(ScaleInvalidRequest, match="not staging") as caught:
        connect(rapid).finalize_batch("b")
    assert caught.value.may_have_been_applied
    assert isinstance(caught.value.__cause__, ScaleInternalError)
