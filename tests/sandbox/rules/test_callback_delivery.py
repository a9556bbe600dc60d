"""Callbacks: what is told, when it is tried, and what is kept of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from scaleapi.sandbox import Delivery, Sandbox, StartError
from scaleapi.sandbox.__main__ import main
from scaleapi.sandbox.base.clock import parse_stamp
from scaleapi.sandbox.callbacks.outbox import FURTHER_TRIES, next_attempt
from scaleapi.sandbox.callbacks.worker import Worker
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.rules.receiver import Receiver
from tests.wire.server import Reply, Server, before, endlessly, say

PAUSES = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, *[7200] * 10]
DAY = 24 * 3600


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as one:
        yield one


def only(sandbox: Sandbox) -> Delivery:
    sandbox.wait_for_callbacks()
    (delivery,) = sandbox.deliveries
    return delivery


def test_payload_and_headers(sandbox: Sandbox, test: Caller, receiver: Receiver) -> None:
    """A callback is a POST of JSON with the task, its response, its id and its status."""
    created = test.task(callback_url=f"{receiver.url}/a%20b/ä c?d=e&f=%3D")
    delivery = only(sandbox)
    (received,) = receiver.requests
    assert received.target == "/scale/a%20b/%C3%A4%20c?d=e&f=%3D"
    assert received.headers["content-type"] == "application/json"
    assert received.headers["scale-callback-auth"] == sandbox.test_callback_secret
    assert received.json == delivery.body
    assert received.json == {
        "task": created,
        "response": created["response"],
        "task_id": created["task_id"],
        "status": "completed",
    }


def test_each_mode_has_its_secret(receiver: Receiver) -> None:
    """Test and live callbacks are told apart by their secrets, which can be chosen."""
    with Sandbox(transition="immediate") as sandbox:
        for key in (sandbox.test_key, sandbox.live_key):
            Caller(sandbox, key).task(callback_url=receiver.url)
            sandbox.wait_for_callbacks()
    with Sandbox(test_callback_secret="tell", live_callback_secret="tale") as sandbox:
        assert (sandbox.test_callback_secret, sandbox.live_callback_secret) == ("tell", "tale")
        Caller(sandbox, sandbox.test_key).task(callback_url=receiver.url)
        sandbox.wait_for_callbacks()
    secrets = [received.headers["scale-callback-auth"] for received in receiver.requests]
    assert secrets == ["test_auth_sandbox", "live_auth_sandbox", "tell"]
    for wrong in ("", "a b", "ä", "a\n"):
        with pytest.raises(ValueError, match="live_callback_secret must be printable ASCII"):
            Sandbox(live_callback_secret=wrong)


def test_every_event_triggers_a_callback(
    manual: Sandbox, caller: Caller, receiver: Receiver
) -> None:
    """Completion, error, audits, fixes and recalls are told; cancelling is not."""
    failed, canceled, task_id = (
        caller.task(callback_url=receiver.url)["task_id"] for _ in range(3)
    )
    caller.post(f"/task/{canceled}/cancel")
    manual.start_work(task_id)
    manual.wait_for_callbacks()
    assert receiver.requests == []
    manual.fail(failed, "Gone.")
    manual.complete(task_id)
    manual.wait_for_callbacks()
    caller.post(f"/task/{task_id}/audit", {"accepted": True})
    caller.post(f"/task/{task_id}/audit", {"accepted": False, "comments": "Too small."})
    manual.fix(task_id, {"annotations": []})
    manual.recall(task_id)
    manual.wait_for_callbacks()
    bodies = [delivery.body for delivery in manual.deliveries]
    assert [(delivery.event, delivery.task_id) for delivery in manual.deliveries] == [
        ("error", failed),
        ("completed", task_id),
        ("audited", task_id),
        ("audited", task_id),
        ("audited", task_id),
        ("recalled", task_id),
    ]
    assert [body["status"] for body in bodies] == ["error", *["completed"] * 4, "pending"]
    assert bodies[0]["response"]["error"] == "Gone."
    assert "customer_review_status" not in bodies[1]["task"]
    reviews = [body["task"]["customer_review_status"] for body in bodies[2:5]]
    assert reviews == ["accepted", "rejected", "fixed"]
    assert bodies[4]["response"]["is_customer_fix"] is True
    assert bodies[5]["response"] is None
    assert len(receiver.requests) == 6


def test_completed_batch_triggers_a_callback(
    manual: Sandbox, caller: Caller, receiver: Receiver
) -> None:
    """The callback of a batch has the batch, its status and the counts of its tasks."""
    caller.project()
    caller.batch(callback=receiver.url)
    task_ids = [caller.task(batch="week_1")["task_id"] for _ in range(3)]
    manual.complete(task_ids[0])
    manual.fail(task_ids[1])
    manual.wait_for_callbacks()
    assert receiver.requests == []
    manual.complete(task_ids[2])
    delivery = only(manual)
    assert (delivery.event, delivery.batch, delivery.task_id) == ("batch_completed", "week_1", None)
    assert receiver.requests[0].headers["scale-callback-auth"] == manual.live_callback_secret
    assert receiver.requests[0].json == {
        "batch": caller.get("/batches/week_1"),
        "status": "completed",
        "completed": 2,
        "error": 1,
    }
    manual.recall(task_ids[2])
    assert caller.get("/batches/week_1")["status"] == "in_progress"
    assert only(manual) == delivery
    manual.complete(task_ids[2])
    manual.wait_for_callbacks()
    assert [delivery.event for delivery in manual.deliveries] == ["batch_completed"] * 2


def test_send_callback_resends(manual: Sandbox, caller: Caller, receiver: Receiver) -> None:
    """The callback is sent once more, with the task as it is now."""
    task_id = caller.task(callback_url=receiver.url)["task_id"]
    manual.complete(task_id)
    caller.post(f"/task/{task_id}/setMetadata", {"a": 1})
    manual.wait_for_callbacks()
    assert caller.post(f"/task/{task_id}/send_callback") == {"success": True}
    manual.wait_for_callbacks()
    assert [delivery.event for delivery in manual.deliveries] == ["completed", "send_callback"]
    assert [received.json["task"]["metadata"] for received in receiver.requests] == [{}, {"a": 1}]
    silent = caller.task()["task_id"]
    manual.complete(silent)
    caller.post(f"/task/{silent}/send_callback")
    manual.wait_for_callbacks()
    assert len(manual.deliveries) == 2


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_acknowledges(sandbox: Sandbox, test: Caller, status: int) -> None:
    """The task shows that its callback succeeded; that is no change of the task."""
    with Receiver(status) as receiver:
        created = test.task(callback_url=receiver.url)
        delivery = only(sandbox)
        sandbox.clock.advance(DAY)
        assert only(sandbox) == delivery
    assert (delivery.state, delivery.due_at, delivery.reason) == ("delivered", None, None)
    assert [tried.status for tried in delivery.tries] == [status]
    marks = {"callback_succeeded": True, "callback_completed": True}
    assert test.read(created["task_id"]) == created | marks


@pytest.mark.parametrize("status", [300, 301, 307, 400, 401, 410, 500])
def test_other_responses_are_retried(sandbox: Sandbox, test: Caller, status: int) -> None:
    """What is no 2xx is tried again; redirects are not followed."""
    with Receiver(status, 200) as receiver:
        created = test.task(callback_url=receiver.url)
        delivery = only(sandbox)
        assert (delivery.state, delivery.tries[0].status) == ("pending", status)
        assert test.read(created["task_id"]) == created
        sandbox.clock.advance(10)
        delivery = only(sandbox)
        assert [received.target for received in receiver.requests] == ["/scale", "/scale"]
    assert delivery.state == "delivered"
    assert [tried.status for tried in delivery.tries] == [status, 200]
    first, second = (parse_stamp(tried.time) for tried in delivery.tries)
    assert second - first > timedelta(seconds=9)
    assert all(0 < tried.milliseconds < 5000 for tried in delivery.tries)
    assert test.get(f"/task/{created['task_id']}")["callback_succeeded"] is True


def test_20_retries_within_a_day(sandbox: Sandbox, test: Caller) -> None:
    """The pauses double from 10 seconds to two hours; after the last try the callback failed."""
    assert len(PAUSES) == FURTHER_TRIES == 20
    assert sum(PAUSES) <= DAY
    with Receiver(503) as receiver:
        task_id = test.task(callback_url=receiver.url)["task_id"]
        first = only(sandbox)
        for number, pause in enumerate(PAUSES, start=1):
            delivery = only(sandbox)
            assert (delivery.state, len(delivery.tries)) == ("pending", number)
            ahead = timedelta(seconds=sum(PAUSES[:number]))
            assert delivery.due_at
            assert parse_stamp(delivery.due_at) == parse_stamp(first.created_at) + ahead
            sandbox.clock.advance(pause - 5)
            assert len(only(sandbox).tries) == number
            sandbox.clock.advance(5)
        delivery = only(sandbox)
        assert len(delivery.tries) == len(receiver.requests) == 21
        assert (delivery.state, delivery.due_at) == ("failed", None)
        sandbox.clock.advance(DAY)
        assert only(sandbox) == delivery
    task = test.get(f"/task/{task_id}")
    assert task["callback_succeeded"] is task["callback_completed"] is False


def test_advancing_a_day_at_once(sandbox: Sandbox, test: Caller) -> None:
    """However far the clock is advanced, every try that is due then is made."""
    with Receiver(*[500] * 20, 200) as receiver:
        task_id = test.task(callback_url=receiver.url)["task_id"]
        sandbox.clock.advance(DAY)
        assert len(only(sandbox).tries) == 21
    assert test.get(f"/task/{task_id}")["callback_succeeded"] is True


def test_retries_end() -> None:
    """After the last of the further tries nothing is planned."""
    created_at = "2024-01-01T00:00:00.000Z"
    assert next_attempt(created_at, 1) == "2024-01-01T00:00:10.000Z"
    assert next_attempt(created_at, 20) == "2024-01-01T22:50:30.000Z"
    assert next_attempt(created_at, 21) is None


@pytest.mark.parametrize(
    "target", ["http://hooks.example.net/scale", "https://127.0.0.1.example/", "http://10.0.0.1/"]
)
def test_other_hosts_are_not_reached(sandbox: Sandbox, test: Caller, target: str) -> None:
    """A callback to another host is recorded with the reason why it was not sent."""
    created = test.task(callback_url=target)
    delivery = only(sandbox)
    assert (delivery.state, delivery.due_at, delivery.tries) == ("not_sent", None, [])
    assert (
        delivery.reason
        == "The host is neither loopback nor in deliver_to, and deliver_anywhere is off."
    )
    assert delivery.body["task"] == created
    assert test.read(created["task_id"]) == created


def test_deliver_anywhere_allows_other_hosts(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With deliver_anywhere every host gets its callbacks."""
    monkeypatch.setattr("scaleapi.sandbox.base.hosts.is_loopback", lambda host: False)
    for anywhere, state in ((False, "not_sent"), (True, "delivered")):
        with Sandbox(deliver_anywhere=anywhere) as sandbox:
            Caller(sandbox, sandbox.test_key).task(callback_url=receiver.url)
            assert only(sandbox).state == state
    assert len(receiver.requests) == 1


def test_deliver_anywhere_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """The option of the command has the name of the argument."""
    asked: list[object] = []

    def sandbox(**options: object) -> Sandbox:
        asked.append(options["deliver_anywhere"])
        raise_on_start = Sandbox()
        monkeypatch.setattr(raise_on_start, "start", refuse)
        return raise_on_start

    def refuse() -> Sandbox:
        raise StartError("Not today.")

    monkeypatch.setattr("scaleapi.sandbox.__main__.Sandbox", sandbox)
    assert main(["--deliver-anywhere"]) == main([]) == 2
    assert asked == [True, False]


def test_email_is_recorded(sandbox: Sandbox, test: Caller) -> None:
    """A callback to an e-mail address is kept, and nothing is sent."""
    test.task(callback_url="ops@example.net")
    delivery = only(sandbox)
    assert (delivery.target, delivery.state) == ("ops@example.net", "not_sent")
    assert delivery.reason == "Email is recorded and not sent."
    assert delivery.body["status"] == "completed"


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("http://127.0.0.1:{port}/", "refused"),
        ("https://127.0.0.1:{port}/", "refused"),
        ("http://127.0.0.1:99999/", "[Pp]ort"),
    ],
)
def test_unreachable_receiver(sandbox: Sandbox, test: Caller, target: str, error: str) -> None:
    """A try without a response says why, and the callback is tried again."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    test.task(callback_url=target.format(port=port))
    delivery = only(sandbox)
    assert delivery.state == "pending"
    assert delivery.tries[0].status is None
    assert re.search(error, delivery.tries[0].error or ""), delivery.tries


@pytest.mark.parametrize("content", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 "])
def test_malformed_response(sandbox: Sandbox, test: Caller, content: bytes) -> None:
    """A connection that ends without an HTTP response is an error."""
    with Server(default=before(say(content))) as server:
        test.task(callback_url=server.url)
        delivery = only(sandbox)
    assert delivery.state == "pending"
    assert delivery.tries[0].status is None
    assert delivery.tries[0].error


def test_receiver_timeout(
    sandbox: Sandbox, test: Caller, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receiver has 30 real seconds; then the try counts as one without a response."""
    from scaleapi.sandbox.callbacks import http_post

    assert http_post.SECONDS == 30
    monkeypatch.setattr(http_post, "SECONDS", 0.1)
    receiver.go_on.clear()
    test.task(callback_url=receiver.url)
    (tried,) = only(sandbox).tries
    assert (tried.status, tried.error) == (None, "no response within 0.1 seconds")
    assert 90 < tried.milliseconds < 5000


def test_slow_response_times_out(
    sandbox: Sandbox, test: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is for the whole response, however often a piece of it arrives."""
    monkeypatch.setattr("scaleapi.sandbox.callbacks.http_post.SECONDS", 0.3)
    endless = endlessly(b"HTTP/1.1 200 OK\r\nX-A: ", b"a", interval=0.05)
    with Server(default=before(endless)) as server:
        test.task(callback_url=server.url)
        sandbox.wait_for_callbacks(5)
    assert only(sandbox).tries[0].error == "no response within 0.3 seconds"


def test_hanging_receiver_does_not_block_others(
    sandbox: Sandbox, test: Caller, receiver: Receiver
) -> None:
    """One host gets a few tries at once, so that there is room for others."""
    with Receiver() as hanging:
        hanging.go_on.clear()
        for _ in range(12):
            test.task(callback_url=hanging.url)
        for _ in range(4):
            hanging.arrivals.get(timeout=10)
        test.task(callback_url=receiver.url)
        receiver.arrivals.get(timeout=10)
        with pytest.raises(TimeoutError, match=r"in progress after 0\.01 seconds"):
            sandbox.wait_for_callbacks(0.01)
        assert len(hanging.requests) == 4
        hanging.go_on.set()
        sandbox.wait_for_callbacks()
        assert len(hanging.requests) == 12
        assert hanging.most_at_once == 4


def test_concurrent_deliveries_are_limited(sandbox: Sandbox, test: Caller) -> None:
    """However many hosts there are, eight tries at once are the most."""
    receivers = [Receiver() for _ in range(3)]
    for receiver in receivers:
        receiver.go_on.clear()
    for number in range(15):
        test.task(callback_url=receivers[number % 3].url)
    try:
        for receiver, count in zip(receivers, (3, 3, 2), strict=True):
            for _ in range(count):
                receiver.arrivals.get(timeout=10)
        with pytest.raises(TimeoutError):
            sandbox.wait_for_callbacks(0.05)
        assert sum(len(receiver.requests) for receiver in receivers) == 8
    finally:
        for receiver in receivers:
            receiver.go_on.set()
        sandbox.wait_for_callbacks()
        for receiver in receivers:
            receiver.close()
    assert {delivery.state for delivery in sandbox.deliveries} == {"delivered"}


def test_deliveries_are_listed(manual: Sandbox, caller: Caller) -> None:
    """All callbacks, or those of one task, with every try, in code and over HTTP."""
    with Receiver(500, 200) as receiver:
        task_ids = [caller.task(callback_url=receiver.url)["task_id"] for _ in range(2)]
        for task_id in task_ids:
            manual.complete(task_id)
            manual.wait_for_callbacks()
        manual.clock.advance(10)
        manual.wait_for_callbacks()
    url = manual.url.replace("/v1", "/_sandbox/deliveries")
    listed = requests.get(url, timeout=5).json()
    assert listed == [delivery.as_json() for delivery in manual.deliveries]
    assert [one["task_id"] for one in listed] == task_ids
    (first,) = requests.get(url, params={"task_id": task_ids[0]}, timeout=5).json()
    assert first == listed[0]
    assert [tried["status"] for tried in first["tries"]] == [500, 200]
    assert set(first["tries"][0]) == {"time", "status", "error", "milliseconds"}
    assert (first["mode"], first["event"], first["state"]) == ("live", "completed", "delivered")
    assert requests.get(url, params={"task_id": "none"}, timeout=5).json() == []


def test_due_work_is_processed_in_the_background(receiver: Receiver) -> None:
    """A task that is due by the clock is completed and calls back though nobody asks for it."""
    with Sandbox(transition="after 1000s") as sandbox:
        created = Caller(sandbox, sandbox.live_key).task(callback_url=receiver.url)
        sandbox.wait_for_callbacks()
        assert receiver.requests == []
        sandbox.clock.advance(1000)
        body = receiver.arrivals.get(timeout=10).json
    assert body["status"] == "completed"
    assert body["task"]["completed_at"] > created["created_at"]


def test_earlier_due_time_wakes_the_worker(receiver: Receiver) -> None:
    """A callback is sent at once though the thread sleeps until later work is due."""
    with Sandbox(transition="after 1000s") as sandbox:
        caller = Caller(sandbox, sandbox.live_key)
        task_ids = [caller.task(callback_url=receiver.url)["task_id"] for _ in range(2)]
        sandbox.wait_for_callbacks()
        sandbox.complete(task_ids[1])
        assert receiver.arrivals.get(timeout=10).json["task_id"] == task_ids[1]


def test_response_is_read_completely(sandbox: Sandbox, test: Caller) -> None:
    """A receiver that responds with a body sees the connection end in order, without a reset."""
    with Server(lambda request: Reply(b"a" * 30_000)) as server:
        test.task(callback_url=server.url)
        assert only(sandbox).state == "delivered"
        server.wait_for(lambda: server.ended == 1)
        assert server.resets == 0


def test_real_time_passes_too(receiver: Receiver) -> None:
    """What is planned later than something else, or sooner, is done when its time has come."""
    with Sandbox(transition="after 0.2s") as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        for _ in range(2):
            caller.task(callback_url=receiver.url)
        for _ in range(2):
            assert receiver.arrivals.get(timeout=10).json["status"] == "completed"


def test_the_thread_sleeps_until_something_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked at again before the next thing is due, or something sooner is planned."""
    looks: list[float] = []
    work = Worker._work

    def look(courier: Worker) -> float:
        looks.append(work(courier))
        return looks[-1]

    monkeypatch.setattr(Worker, "_work", look)
    with Sandbox(transition="after 1000s") as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        sandbox.wait_for_callbacks()
        assert looks[-1] == 3600
        caller.task()
        sandbox.wait_for_callbacks()
        assert 900 < looks[-1] <= 1000
        before = len(looks)
        for _ in range(5):
            caller.task()  # Due later than the first one.
            caller.get("/tasks")
        assert len(looks) == before
        sandbox.clock.advance(1000)
        sandbox.wait_for_callbacks()
        assert looks[-1] == 3600


def test_rolled_back_request_triggers_no_callback(
    sandbox: Sandbox, test: Caller, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A callback is written with the change that causes it, or not at all."""
    test.project()
    test.batch()

    def fail(*_: object) -> None:
        raise RuntimeError("halfway")

    monkeypatch.setattr("scaleapi.sandbox.resources.transaction.Transaction.refresh_batch", fail)
    body = IMAGE_TASK | {"batch": "week_1", "callback_url": receiver.url}
    test.post("/task/imageannotation", body, 500)
    sandbox.wait_for_callbacks()
    assert sandbox.deliveries == []
    assert receiver.requests == []


def test_reset_deletes_callbacks(sandbox: Sandbox, test: Caller, receiver: Receiver) -> None:
    """Nothing is tried any more, and a try that is under way is ended."""
    receiver.go_on.clear()
    test.task(callback_url=receiver.url)
    receiver.arrivals.get(timeout=10)
    sandbox.reset()
    sandbox.wait_for_callbacks(5)
    sandbox.clock.advance(DAY)
    sandbox.wait_for_callbacks(5)
    assert sandbox.deliveries == []
    assert len(receiver.requests) == 1


def test_restart_continues_deliveries(tmp_path: Path) -> None:
    """What is not delivered when the sandbox stops is delivered when it runs again."""
    path = tmp_path / "sandbox.db"
    with Receiver(500, 200) as receiver:
        with Sandbox(database=path) as sandbox:
            task_id = Caller(sandbox, sandbox.test_key).task(callback_url=receiver.url)["task_id"]
            assert only(sandbox).state == "pending"
        with Sandbox(database=path) as sandbox:
            sandbox.clock.advance(10)
            assert [tried.status for tried in only(sandbox).tries] == [500, 200]
            task = Caller(sandbox, sandbox.test_key).get(f"/task/{task_id}")
            assert task["callback_succeeded"] is True


def test_stop_leaves_no_thread(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receiver that hangs does not hold up the end; its try counts as not made."""
    monkeypatch.setattr("scaleapi.sandbox.callbacks.worker._STOP_SECONDS", 20)
    before = set(threading.enumerate())
    receiver.go_on.clear()
    sandbox = Sandbox(database=tmp_path / "sandbox.db").start()
    for _ in range(6):
        Caller(sandbox, sandbox.test_key).task(callback_url=receiver.url)
    for _ in range(4):
        receiver.arrivals.get(timeout=10)
    start = time.monotonic()
    sandbox.stop()
    assert time.monotonic() - start < 5
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert not any(name.startswith("sandbox") for name in left)
    receiver.go_on.set()
    with Sandbox(database=tmp_path / "sandbox.db") as sandbox:
        sandbox.wait_for_callbacks()
        assert [len(delivery.tries) for delivery in sandbox.deliveries] == [1] * 6
    assert len(receiver.requests) == 10


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_sandbox_loses_no_callback(tmp_path: Path, receiver: Receiver) -> None:
    """A callback whose task was in a response is delivered after a kill, at least once."""
    path = tmp_path / "sandbox.db"
    command = [sys.executable, "-m", "scaleapi.sandbox", "--db", str(path), "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout is not None
    url = next(line for line in process.stdout if "at http" in line).split()[-1]
    receiver.go_on.clear()
    with requests.Session() as session:
        session.auth = ("test_sandbox_key", "")
        body = IMAGE_TASK | {"callback_url": receiver.url}
        task_ids = [
            session.post(f"{url}/task/imageannotation", json=body, timeout=10).json()["task_id"]
            for _ in range(20)
        ]
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    receiver.go_on.set()
    with Sandbox(database=path) as sandbox:
        sandbox.wait_for_callbacks()
        assert {delivery.state for delivery in sandbox.deliveries} == {"delivered"}
        assert [delivery.task_id for delivery in sandbox.deliveries] == task_ids
    assert {received.json["task_id"] for received in receiver.requests} == set(task_ids)
