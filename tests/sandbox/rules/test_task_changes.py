"""What may happen to a task in which state."""

from __future__ import annotations

import pytest

from scaleapi.sandbox import Refusal, Sandbox
from tests.sandbox.rules.caller import Caller

NOBODY = "0123456789abcdef01234567"


def in_state(sandbox: Sandbox, caller: Caller, state: str) -> str:
    """Return the id of a task in a state."""
    task_id: str = caller.task(unique_id="u")["task_id"]
    if state == "started":
        sandbox.start_work(task_id)
    elif state == "completed":
        sandbox.complete(task_id)
    elif state == "canceled":
        caller.post(f"/task/{task_id}/cancel")
    elif state == "error":
        sandbox.fail(task_id)
    return task_id


@pytest.mark.parametrize("task_id", [NOBODY, "nonsense", "%00", "a%2Fb"])
def test_missing_task(caller: Caller, task_id: str) -> None:
    """Every call on a task that does not exist answers 404, with a malformed id too."""
    path = f"/task/{task_id}"
    assert caller.error("GET", path, 404) == "Task with that ID not found."
    for method, action, body in (
        ("POST", "cancel", None),
        ("POST", "setMetadata", {}),
        ("POST", "unique_id", {"unique_id": "a"}),
        ("DELETE", "unique_id", None),
        ("POST", "tags", []),
        ("PUT", "tags", []),
        ("DELETE", "tags", []),
        ("POST", "audit", {"accepted": True}),
        ("POST", "send_callback", None),
    ):
        caller.call(method, f"{path}/{action}", 404, json=body)


@pytest.mark.parametrize(
    ("state", "status"),
    [("pending", 200), ("started", 400), ("completed", 400), ("canceled", 200), ("error", 400)],
)
def test_cancel(manual: Sandbox, caller: Caller, state: str, status: int) -> None:
    """Only a pending task on which no work has begun can be canceled; twice is once."""
    task_id = in_state(manual, caller, state)
    before = caller.read(task_id)
    answer = caller.post(f"/task/{task_id}/cancel", status=status)
    after = caller.read(task_id)
    if status == 200:
        assert answer == after
        assert after["status"] == "canceled"
        assert after["unique_id"] == "u"
    if state == "canceled" or status == 400:
        assert after == before


def test_test_task_cannot_be_canceled(test: Caller) -> None:
    """Tasks of test mode are done at once, so canceling them answers 400."""
    assert "completed" in test.error("POST", f"/task/{test.task()['task_id']}/cancel", 400)


@pytest.mark.parametrize("state", ["pending", "canceled"])
def test_cancel_can_clear_the_unique_id(manual: Sandbox, caller: Caller, state: str) -> None:
    """With clear_unique_id the id may be used again."""
    task_id = in_state(manual, caller, state)
    answer = caller.call("POST", f"/task/{task_id}/cancel?clear_unique_id=True")
    assert "unique_id" not in answer
    caller.task(unique_id="u")


@pytest.mark.parametrize("state", ["pending", "started", "completed", "canceled", "error"])
def test_metadata_tags_and_unique_id_change_in_any_state(
    manual: Sandbox, caller: Caller, state: str
) -> None:
    """These belong to the caller, whatever happens to the task; each write is dated."""
    path = f"/task/{in_state(manual, caller, state)}"
    manual.clock.advance(60)
    before = caller.get(path)
    assert caller.post(f"{path}/setMetadata", {"a": 1})["metadata"] == {"a": 1}
    assert caller.post(f"{path}/setMetadata", {})["metadata"] == {}
    assert caller.post(f"{path}/tags", ["b", "a"])["tags"] == ["b", "a"]
    assert caller.post(f"{path}/unique_id", {"unique_id": "v"})["unique_id"] == "v"
    after = caller.get(path)
    assert after["updated_at"] > before["updated_at"]
    assert after["status"] == before["status"]


def test_tags_are_replaced_added_and_removed(caller: Caller) -> None:
    """POST replaces, PUT adds what is new, DELETE removes what is there."""
    path = f"/task/{caller.task()['task_id']}/tags"
    assert caller.post(path, ["b", "a", "b"])["tags"] == ["b", "a"]
    assert caller.put(path, ["a", "c"])["tags"] == ["b", "a", "c"]
    assert caller.delete(path, ["b", "x"])["tags"] == ["a", "c"]
    assert caller.delete(path, ["a", "c"])["tags"] == []
    assert caller.post(path, [])["tags"] == []


@pytest.mark.parametrize("body", ["a", {"tags": []}, [""], [1], list("abcdef")])
def test_rejects_invalid_tags(caller: Caller, body: object) -> None:
    """Tags are an array of at most five strings that are not empty."""
    path = f"/task/{caller.task()['task_id']}/tags"
    assert "tags" in caller.error("POST", path, 400, json=body)


def test_tags_are_at_most_five_after_adding(caller: Caller) -> None:
    """Adding may not lead past the limit, and then adds nothing."""
    task_id = caller.task(tags=list("abcd"))["task_id"]
    caller.error("PUT", f"/task/{task_id}/tags", 400, json=["e", "f"])
    assert caller.get(f"/task/{task_id}")["tags"] == list("abcd")


@pytest.mark.parametrize("path", ["setMetadata", "tags", "unique_id", "audit"])
def test_rejects_missing_body(test: Caller, path: str) -> None:
    """A call that needs a body answers 400 without one."""
    task_id = test.task()["task_id"]
    assert "body" in test.error("POST", f"/task/{task_id}/{path}", 400)


def test_metadata_is_an_object_of_10_kb(caller: Caller) -> None:
    """Metadata that is no object, or larger, answers 400."""
    path = f"/task/{caller.task()['task_id']}/setMetadata"
    caller.error("POST", path, 400, json=[])
    caller.error("POST", path, 400, json={"a": "x" * (10_240 - 7)})
    caller.post(path, {"a": "x" * (10_240 - 8)})


def test_unique_id_is_moved_and_cleared(caller: Caller) -> None:
    """A task may take a free id or its own, not another's; clearing frees it, twice too."""
    first, second = (caller.task(unique_id=name)["task_id"] for name in ("a", "b"))
    error = caller.error("POST", f"/task/{second}/unique_id", 409, json={"unique_id": "a"})
    assert error.endswith(f"({first}).")
    assert caller.post(f"/task/{first}/unique_id", {"unique_id": "a"})["unique_id"] == "a"
    for _ in range(2):
        assert "unique_id" not in caller.delete(f"/task/{first}/unique_id")
    assert caller.post(f"/task/{second}/unique_id", {"unique_id": "a"})["unique_id"] == "a"
    for wrong in ({}, {"unique_id": ""}, {"unique_id": 1}):
        caller.error("POST", f"/task/{second}/unique_id", 400, json=wrong)


def test_audit_reviews_a_completed_task(manual: Sandbox, caller: Caller) -> None:
    """An audit answers OK, sets the status, and leaves its comment and entry for good."""
    path = f"/task/{in_state(manual, caller, 'completed')}"
    assert caller.post(f"{path}/audit", {"accepted": True, "comments": None}) == "OK"
    task = caller.get(path)
    assert task["customer_review_status"] == "accepted"
    assert task["customer_review_comments"] == []
    caller.post(f"{path}/audit", {"accepted": False, "comments": "Too small."})
    task = caller.get(path)
    assert task["status"] == "completed"
    assert task["customer_review_status"] == "rejected"
    assert task["customer_review_comments"] == ["Too small."]
    assert [audit["audit_result"] for audit in task["audits"]] == ["accepted", "rejected"]
    assert set(task["audits"][0]) == {
        "audited_by",
        "audited_at",
        "audit_time_secs",
        "audit_result",
        "audit_source",
    }
    for name in ("customer_reviewed_by", "customer_audited_at", "customer_audit_time_secs"):
        assert name in task
    for wrong in ({}, {"accepted": "yes"}, {"accepted": True, "comments": 1}):
        caller.error("POST", f"{path}/audit", 400, json=wrong)


@pytest.mark.parametrize("state", ["pending", "started", "canceled", "error"])
def test_audit_requires_a_completed_task(manual: Sandbox, caller: Caller, state: str) -> None:
    """A task without a result cannot be audited."""
    path = f"/task/{in_state(manual, caller, state)}/audit"
    assert "completed" in caller.error("POST", path, 400, json={"accepted": True})


def test_audits_are_listed(manual: Sandbox, caller: Caller) -> None:
    """The audits of a task, and one by its id; exactly one of the two must be asked for."""
    task_id = in_state(manual, caller, "completed")
    for accepted in (True, False):
        caller.post(f"/task/{task_id}/audit", {"accepted": accepted})
    audits = caller.get("/audits", task_id=task_id)
    assert [audit["audit_result"] for audit in audits] == ["accepted", "rejected"]
    assert caller.get("/audits", id=audits[1]["id"]) == audits[1]
    for query in ("", f"?id=a&task_id={task_id}"):
        caller.error("GET", f"/audits{query}", 400)
    caller.error("GET", f"/audits?id={NOBODY}", 404)
    caller.error("GET", f"/audits?task_id={NOBODY}", 404)


@pytest.mark.parametrize(
    ("state", "status"),
    [("pending", 400), ("started", 400), ("completed", 200), ("canceled", 400), ("error", 200)],
)
def test_send_callback(manual: Sandbox, caller: Caller, state: str, status: int) -> None:
    """Only a task with an outcome has a callback to send."""
    caller.post(f"/task/{in_state(manual, caller, state)}/send_callback", status=status)


def test_failed_task_lists_attachments(manual: Sandbox, caller: Caller) -> None:
    """A failed task is an error whose response names its attachments; it keeps its id."""
    task = manual.fail(in_state(manual, caller, "pending"), "Gone.")
    assert task["status"] == "error"
    assert task["response"]["error"] == "Gone."
    assert task["response"]["attachments"][0]["url"] == task["params"]["attachment"]
    assert task["unique_id"] == "u"
    assert "completed_at" not in task


def test_failed_task_can_clear_its_unique_id(manual: Sandbox, caller: Caller) -> None:
    """With clear_unique_id_on_error the id may be used again after a failure."""
    task_id = caller.task(unique_id="u", clear_unique_id_on_error=True)["task_id"]
    assert "unique_id" not in manual.fail(task_id)
    caller.task(unique_id="u")


def test_complete_with_a_response(manual: Sandbox, caller: Caller) -> None:
    """A response given by hand is the task's; a second one is refused."""
    task_id = in_state(manual, caller, "started")
    task = manual.complete(task_id, {"annotations": []})
    assert task == caller.read(task_id)
    assert (task["status"], task["response"]) == ("completed", {"annotations": []})
    assert task["completed_at"] == task["updated_at"]
    assert task["work_started"] is True
    with pytest.raises(Refusal) as refusal:
        manual.complete(task_id)
    assert refusal.value.status_code == 400
    with pytest.raises(Refusal, match="not found"):
        manual.complete(NOBODY)


def test_a_recalled_task_is_pending_again(manual: Sandbox, caller: Caller) -> None:
    """A recalled task has no response, cannot be canceled, and can be completed again."""
    task_id = in_state(manual, caller, "completed")
    task = manual.recall(task_id)
    assert task["status"] == "pending"
    assert not {"response", "completed_at"} & set(task)
    caller.error("POST", f"/task/{task_id}/cancel", 400)
    assert manual.complete(task_id)["status"] == "completed"
    with pytest.raises(Refusal):
        manual.recall(in_state_of_another(caller))


def in_state_of_another(caller: Caller) -> str:
    task_id: str = caller.task()["task_id"]
    return task_id


def test_a_fixed_task_keeps_its_prior_response(manual: Sandbox, caller: Caller) -> None:
    """A fix replaces the response, keeps the old one, and counts as an audit."""
    task_id = in_state(manual, caller, "completed")
    before = caller.get(f"/task/{task_id}")
    task = manual.fix(task_id, {"annotations": []})
    assert task["response"] == {"annotations": [], "is_customer_fix": True}
    assert task["prior_responses"] == [before["response"]]
    assert task["customer_review_status"] == "fixed"
    assert caller.get("/audits", task_id=task_id)[0]["audit_result"] == "fixed"
    assert len(manual.fix(task_id, {})["prior_responses"]) == 2
