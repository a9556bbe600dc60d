"""A batch is finalized once; an answer that was lost is no failure."""

from __future__ import annotations

import pytest

from scaleapi.exceptions import ScaleInternalError, ScaleInvalidRequest
from tests.wire.conftest import Connect, Serve
from tests.wire.server import Reply, Request, Server, after, answer, before, reset, succeed

pytestmark = pytest.mark.usefixtures("no_waits")


class Batches:
    """A Rapid batch, which can be finalized only while it is staging."""

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
    """The attempt whose answer was lost did it; that the next is refused is no error."""
    rapid.script(after(reset))
    assert connect(rapid).finalize_batch("b").status == "in_progress"
    assert [request.method for request in rapid.requests] == ["POST", "POST", "GET"]


def test_a_second_finalize_is_rejected(rapid: Server, connect: Connect) -> None:
    """Without a lost answer the refusal is the caller's mistake."""
    client = connect(rapid)
    client.finalize_batch("b")
    with pytest.raises(ScaleInvalidRequest, match="not staging"):
        client.finalize_batch("b")
    assert len(rapid.requests) == 2


def test_the_rejection_is_raised_if_the_batch_is_still_staging(
    rapid: Server, connect: Connect
) -> None:
    """A refusal for another reason is raised, also after an answer was lost."""
    rapid.script(before(reset), before(answer(status=400)))
    with pytest.raises(ScaleInvalidRequest, match="told to answer 400"):
        connect(rapid).finalize_batch("b")
    assert len(rapid.requests) == 3


def test_the_rejection_is_raised_if_the_lookup_fails(rapid: Server, connect: Connect) -> None:
    """It is the refusal that says that the batch may be finalized, not the failed reading."""
    rapid.script(after(reset), after(succeed), *[before(answer(status=500))] * 4)
    with pytest.raises(ScaleInvalidRequest, match="not staging") as caught:
        connect(rapid).finalize_batch("b")
    assert caught.value.may_have_been_applied
    assert isinstance(caught.value.__cause__, ScaleInternalError)
