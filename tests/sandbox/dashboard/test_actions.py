"""What a person does to a task."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.dashboard.visitor import Page, Visitor
from tests.sandbox.rules.caller import Caller
from tests.sandbox.rules.receiver import Receiver
from tests.sandbox.rules.test_files import PNG

PENDING = ["complete", "start", "fail", "cancel"]
COMPLETED = ["accept", "reject", "fix", "recall"]


class Desk:
    """A task, and the page on which it is worked on."""

    def __init__(self, visitor: Visitor, caller: Caller, **fields: Any) -> None:
        self.id = caller.task(**fields)["task_id"]
        self._visitor = visitor
        self._caller = caller

    @property
    def page(self) -> Page:
        return self._visitor.open(f"/dashboard/tasks/{self.id}")

    @property
    def task(self) -> Any:
        return self._caller.get(f"/task/{self.id}")

    def act(self, action: str, text: str = "", status: int = 200) -> Page:
        page = self.page
        typed = {"text": text} if "text" in page.form(action).fields else {}
        return self._visitor.send(page, f"/{action}", status, **typed)


@pytest.fixture
def desk(visitor: Visitor, caller: Caller) -> Desk:
    return Desk(visitor, caller)


def test_all_actions(desk: Desk) -> None:
    """Every action changes the task as the API shows it, and opens those that follow."""
    assert desk.page.actions() == PENDING
    page = desk.act("start")
    assert "Work on the task has started." in page.text
    assert desk.task["work_started"] is True
    assert page.actions() == ["complete", "fail"]
    page = desk.act("complete")
    assert "The task is completed." in page.text
    assert desk.task["response"]["annotations"]
    assert page.actions() == COMPLETED
    desk.act("reject", "The box cuts through the tape.")
    assert desk.task["customer_review_status"] == "rejected"
    page = desk.act("accept")
    assert desk.task["customer_review_comments"] == ["The box cuts through the tape."]
    assert page.actions() == COMPLETED
    page = desk.act("fix", '{"annotations": []}')
    assert desk.task["response"] == {"annotations": [], "is_customer_fix": True}
    assert len(desk.task["prior_responses"]) == 1
    page = desk.act("recall")
    assert desk.task["status"] == "pending"
    page = desk.act("complete", '{"annotations": [{"label": "parcel"}]}')
    assert desk.task["response"] == {"annotations": [{"label": "parcel"}]}
    for what in ("Created", "Rejected by", "Accepted by", "Fixed by", "Completed"):
        assert what in page.words
    assert page.words.count("The box cuts through the tape.") == 2  # its JSON has it as well


def test_fail_and_cancel(visitor: Visitor, caller: Caller) -> None:
    """Both are an end: nothing can be done any more."""
    failed = Desk(visitor, caller)
    page = failed.act("fail", "The image is black.")
    assert failed.task["response"]["error"] == "The image is black."
    assert page.actions() == []
    assert "No actions available." in page.text
    plain = Desk(visitor, caller)
    plain.act("fail")
    assert "could not be processed" in plain.task["response"]["error"]
    canceled = Desk(visitor, caller)
    page = canceled.act("cancel")
    assert canceled.task["status"] == "canceled"
    assert page.actions() == []
    assert "Last changed (canceled)" in page.text


def test_staged_batch_allows_no_work(visitor: Visitor, caller: Caller) -> None:
    """Until it is finalized, its tasks cannot be completed or begun."""
    caller.project("rapid", rapid=True)
    caller.batch("staged", "rapid")
    desk = Desk(visitor, caller, batch="staged")
    assert desk.page.actions() == ["fail", "cancel"]
    caller.post("/batches/staged/finalize")
    assert desk.page.actions() == PENDING


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("{annotations: []}", "The response is not valid JSON: line 1, column 2:"),
        ("[1]", "The response must be a JSON object."),
        ('{"a": NaN}', "The response is not valid JSON."),
        ('{"a": "\\ud800"}', "The response is not valid JSON."),
        ("[" * 100_000, "The response is not valid JSON: it is nested too deeply."),
        ('{"</textarea><b>": ', "The response is not valid JSON: line 1, column "),
    ],
)
def test_rejects_invalid_response(desk: Desk, typed: str, problem: str) -> None:
    """The form comes again, with what was typed and what is wrong with it; nothing is changed."""
    page = desk.act("complete", typed, 400)
    assert problem in page.text
    field = next(one for one in page.all("textarea") if "aria-invalid" in one.attributes)
    assert field.attributes["aria-describedby"] == "complete-problem"
    assert page.form("/complete").fields["text"] == typed
    assert desk.task["status"] == "pending"
    page = desk.act("complete")
    assert "The response needs" not in page.text
    page = desk.act("fix", typed, 400)
    assert page.form("/fix").fields["text"] == typed


def test_rejects_empty_fix(desk: Desk) -> None:
    """A fix needs a response; it begins with the one that is there."""
    page = desk.act("complete", '{"a": 1}')
    assert json.loads(page.form("/fix").fields["text"]) == {"a": 1}
    page = desk.act("fix", " ", 400)
    assert "The response needs" not in page.text
    assert page.form("/fix").fields["text"] == " "


def test_outdated_page(visitor: Visitor, manual: Sandbox, desk: Desk) -> None:
    """Somebody was faster: the page shows the task as it is now, and says why."""
    page = desk.page
    manual.complete(desk.id)
    page = visitor.send(page, "/cancel", 400)
    assert "Task cannot be canceled: it is completed." in page.text
    assert page.actions() == COMPLETED
    token = page.form("/recall").fields["token"]
    answer = visitor.answer("POST", f"/dashboard/tasks/{desk.id}/vanish", data={"token": token})
    assert answer.status_code == 404
    assert "There is no task action" in answer.text
    answer = visitor.answer("POST", "/dashboard/tasks/none/recall", data={"token": token})
    assert answer.status_code == 404


@pytest.mark.slow
def test_actions_match_the_control_api(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """An action is shown if and only if it would work."""
    states: list[Any] = [[], ["start"], ["complete"], ["complete", "fix"], ["fail"], ["cancel"]]
    for state in [*states, ["complete", "recall"], ["complete", "reject"]]:
        for action in (*PENDING, *COMPLETED):
            desk = Desk(visitor, caller)
            for step in state:
                desk.act(step, '{"a": 1}')
            token = visitor.open("/dashboard/clock").forms[0].fields["token"]
            before = desk.task | {"updated_at": ""}
            offered = action in desk.page.actions()
            answer = visitor.answer(
                "POST",
                f"/dashboard/tasks/{desk.id}/{action}",
                data={"token": token, "text": '{"a": 1}'},
                allow_redirects=False,
            )
            # To cancel or to begin twice is no error, and changes nothing but a time.
            changed = desk.task | {"updated_at": ""} != before
            assert (answer.status_code == 303 and changed) == offered, (state, action)


def test_task_in_test_mode(manual: Sandbox, visitor: Visitor) -> None:
    """A task of test mode is found automatically, and its page stays in it."""
    other = Caller(manual, manual.test_key)
    desk = Desk(visitor, other)
    assert "Mode test" in desk.page.words
    page = desk.act("complete")
    assert page.url.endswith("?done=complete&mode=test")
    assert f"{visitor.url}dashboard/tasks?mode=test" in page.links


def test_callback_attempts(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """Tries are shown with their time and answer, and history tells what caused them."""
    with Receiver(500, 200) as receiver:
        desk = Desk(visitor, caller, callback_url=receiver.url)
        assert "None yet." in desk.page.text
        desk.act("complete")
        manual.wait_for_callbacks()
        words = desk.page.words
        assert "completed pending" in words
        assert "Next attempt" in words
        manual.clock.advance(10)
        manual.wait_for_callbacks()
        desk.act("recall")
        manual.wait_for_callbacks()
    page = desk.page
    assert "completed delivered" in page.words
    rows = [one for one in page.words.split("Milliseconds")[1:] if " 500 " in one]
    assert len(rows) == 1
    assert " 200 " in rows[0]
    assert "Recalled" in page.words
    gone = Desk(visitor, caller, callback_url="https://far.example.net/x")
    gone.act("fail")
    manual.wait_for_callbacks()
    assert "deliver_anywhere is off" in gone.page.text
    assert "The task has no callback URL." in Desk(visitor, caller).page.text


def test_task_image(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """The annotations lie over the image, from the sandbox's own storage or from the web."""
    file = caller.post("/files/upload", files={"file": ("a.png", PNG)}, data={})
    desk = Desk(visitor, caller, attachment=file["attachment_url"])
    box = {"type": "box", "label": "parcel", "left": 1, "top": 1, "width": 1, "height": 1}
    manual.complete(desk.id, {"annotations": [box]})
    page = desk.page
    (image,) = page.all("image")
    assert visitor.answer("GET", image.attributes["href"]).content == PNG
    assert "parcel" in page.text
    assert "_storage" not in manual.requests[-1].path
    page = Desk(visitor, caller).page
    (image,) = page.all("img")
    assert image.attributes["src"] == "https://img.example.net/a.png"
    text = {"attachment": "a", "attachment_type": "text", "categories": ["b", "c"]}
    task_id = caller.post("/task/categorization", text)["task_id"]
    page = visitor.open(f"/dashboard/tasks/{task_id}")
    assert not page.all("svg") + page.all("img")


def test_image_without_annotations(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """Only an empty list of annotations says so; a response of another kind is opened below."""
    file = caller.post("/files/upload", files={"file": ("a.png", PNG)}, data={})
    asked = {"attachment": file["attachment_url"], "attachment_type": "image"}
    task = caller.post("/task/categorization", asked | {"categories": ["van", "bus"]})
    manual.complete(task["task_id"], {"category": "van"})
    page = visitor.open(f"/dashboard/tasks/{task['task_id']}")
    (image,) = page.all("img")
    assert visitor.answer("GET", image.attributes["src"]).content == PNG
    assert "No annotations" not in page.text
    assert [one.attributes for one in page.all("details") if "open" in one.attributes]
    desk = Desk(visitor, caller, attachment=file["attachment_url"])
    assert "No annotations" not in desk.page.text
    manual.complete(desk.id, {"annotations": []})
    assert "No annotations" in desk.page.text


def test_attachments(visitor: Visitor, caller: Caller) -> None:
    """An uploaded file has its name, and leads to its content; other attachments are URLs."""
    data = {"display_name": "<belt> 7"}
    file = caller.post("/files/upload", files={"file": ("a.png", PNG)}, data=data)
    page = Desk(visitor, caller, attachment=file["attachment_url"]).page
    assert "Attachments <belt> 7" in page.words
    (link,) = (link for link in page.links if "_storage" in link)
    assert visitor.answer("GET", link).content == PNG
    page = Desk(visitor, caller, attachment="s3://far/a.png").page
    assert "Attachments s3://far/a.png" in page.words


def test_image_with_absurd_size(visitor: Visitor, caller: Caller) -> None:
    """A file that lies about its size does no harm."""
    huge = PNG[:16] + b"\x7f\xff\xff\xff" * 2 + PNG[24:]
    file = caller.post("/files/upload", files={"file": ("a.png", huge)}, data={})
    (image,) = Desk(visitor, caller, attachment=file["attachment_url"]).page.all("img")
    assert "width" not in image.attributes


@pytest.mark.slow
def test_huge_response(visitor: Visitor, manual: Sandbox, desk: Desk) -> None:
    """A page shows as much of it as a person reads."""
    manual.complete(desk.id, {"annotations": [{"label": "x" * 100} for _ in range(20_000)]})
    answer = visitor.answer("GET", f"/dashboard/tasks/{desk.id}")
    assert "more characters" in answer.text
    assert len(answer.content) < 12_000_000
    assert desk.page.form("/fix").fields["text"] == ""


@pytest.mark.parametrize("depth", [400, 499, 600])
def test_deeply_nested_response(visitor: Visitor, desk: Desk, depth: int) -> None:
    """What is not too deep to be kept can be shown."""
    path = f"/dashboard/tasks/{desk.id}"
    form = desk.page.form("/complete")
    deep = f'{{"a": {"[" * depth}{"]" * depth}}}'
    answer = visitor.answer("POST", path + "/complete", data=form.fields | {"text": deep})
    words = visitor.open(path).words
    if depth < 500:
        assert "[ [ [ [" in words
    else:
        assert "The response is nested more than 500 levels deep." in answer.text
        assert "No response yet" in words


def test_unpaired_surrogate(visitor: Visitor, manual: Sandbox, desk: Desk) -> None:
    """Half of a surrogate pair, which only code can store, is shown as a question mark."""
    manual.complete(desk.id, {"label": "a\ud800b"})
    assert '"label": "a?b"' in visitor.open(f"/dashboard/tasks/{desk.id}").text
