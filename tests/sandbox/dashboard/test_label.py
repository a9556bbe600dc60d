"""The label page without JavaScript, and the queue of pending tasks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.dashboard.visitor import Visitor
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.rules.test_files import PNG

BOX = {"type": "box", "label": "parcel", "left": 1, "top": 2, "width": 3, "height": 4}
TEXT = json.dumps({"annotations": [BOX]})
LINE = {"attachment": IMAGE_TASK["attachment"], "objects_to_annotate": ["curb", "curb"]}


def tools(visitor: Visitor, task_id: str) -> Any:
    page = visitor.open(f"/dashboard/tasks/{task_id}/label")
    (editor,) = (one for one in page.elements if one.attributes.get("id") == "editor")
    return json.loads(editor.attributes["data-tools"])


def test_tools(visitor: Visitor, caller: Caller) -> None:
    """A task offers the geometries that can be drawn, with their labels and limits."""
    geometries = {
        "box": {"objects_to_annotate": ["parcel", {"choice": "x", "subchoices": ["a", "b"]}]},
        "polygon": {"objects_to_annotate": ["tape"], "min_vertices": 4, "max_vertices": 9},
        "cuboid": {"objects_to_annotate": ["crate"]},
    }
    assert tools(visitor, caller.task(geometries=geometries)["task_id"]) == {
        "box": {"labels": ["parcel", "a", "b"]},
        "polygon": {"labels": ["tape"], "min_vertices": 4, "max_vertices": 9},
    }
    old = caller.post("/task/lineannotation", LINE)
    assert tools(visitor, old["task_id"]) == {"line": {"labels": ["curb"]}}


def test_tasks_without_tools(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """What cannot be drawn, or is over, leads to the page of the task."""
    text = {"text": "a", "labels": [{"name": "b", "description": "c"}]}
    cuboid = {"cuboid": {"objects_to_annotate": ["crate"]}}
    failed = caller.task()["task_id"]
    manual.fail(failed)
    ids = [caller.post("/task/namedentityrecognition", text)["task_id"]]
    ids += [caller.task(geometries=cuboid)["task_id"], failed]
    for task_id in ids:
        page = visitor.open(f"/dashboard/tasks/{task_id}/label")
        assert page.url.endswith(f"/dashboard/tasks/{task_id}")
        assert not [link for link in page.links if link.endswith("/label")]
    visitor.open("/dashboard/tasks/none/label", 404)


JSON: list[Any] = [None, True, 0, -1, 1.5, "", "box", [], [None], ["box"], [{}], {}, {"a": 1}]


def broken_geometries() -> Iterator[Any]:
    """Geometries that no task of this type could be created with, but a stored one may have."""
    yield from JSON
    for value in JSON:
        yield {"box": value}
        yield {"box": {"objects_to_annotate": value, "min_width": value}}
        yield {"box": {"objects_to_annotate": [value]}}
        yield {"box": {"objects_to_annotate": [{"choice": value}, {"choice": "a"}]}}
        yield {"box": {"objects_to_annotate": [{"choice": "a", "subchoices": value}]}}


@pytest.mark.slow
@pytest.mark.parametrize("old", [False, True])
def test_stored_geometries(visitor: Visitor, manual: Sandbox, caller: Caller, old: bool) -> None:
    """A stored task may have any JSON as its geometries; its pages show what can be drawn."""
    image = {"attachment_type": "image", "attachment": IMAGE_TASK["attachment"]}
    for number, geometries in enumerate(broken_geometries()):
        params = {"geometries": geometries} | (geometries if isinstance(geometries, dict) else {})
        kind = "annotation" if old else "imageannotation"
        if old and isinstance(geometries, dict) and isinstance(geometries.get("box"), dict):
            params |= geometries["box"]
        task = {
            "task_id": f"t{number}",
            "type": kind,
            "status": "pending",
            "params": params | image,
        }
        manual.seed({"live": {"tasks": [{"resource": task}]}})
        page = visitor.open(f"/dashboard/tasks/t{number}/label")
        editors = [one for one in page.elements if one.attributes.get("id") == "editor"]
        for editor in editors:
            for tool in json.loads(editor.attributes["data-tools"]).values():
                assert tool["labels"]
                assert all(isinstance(label, str) for label in tool["labels"])
                limits = [value for name, value in tool.items() if name != "labels"]
                assert all(isinstance(value, int) for value in limits)
        visitor.open(f"/dashboard/tasks/t{number}")
        manual.complete(f"t{number}")
        visitor.open(f"/dashboard/tasks/t{number}")
    visitor.open("/dashboard/tasks")
    visitor.open("/dashboard/next")


def test_submit(visitor: Visitor, caller: Caller) -> None:
    """The response completes a pending task, and fixes a completed one."""
    task_id = caller.task()["task_id"]
    path = f"/dashboard/tasks/{task_id}/label"
    page = visitor.open(path)
    assert json.loads(page.form("/label").fields["text"])["annotations"] == []
    page = visitor.send(page, "/label", text=TEXT)
    assert "The task is completed." in page.text
    assert caller.get(f"/task/{task_id}")["response"] == {"annotations": [BOX]}
    assert f"{visitor.url[:-1]}{path}" in page.links
    page = visitor.open(path)
    assert json.loads(page.form("/label").fields["text"]) == {"annotations": [BOX]}
    page = visitor.send(page, "/label", text='{"annotations": []}')
    assert "The response is fixed." in page.text
    assert "is_customer_fix" not in visitor.open(path).form("/label").fields["text"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "The response is not valid JSON: line 1"),
        ('{"annotations": [\n  {"a": 1,}\n]}', "not valid JSON: line 2, column 1"),
        ("[]", "The response must be a JSON object."),
    ],
)
def test_rejects_invalid_response(
    visitor: Visitor, caller: Caller, text: str, problem: str
) -> None:
    """The page comes again with what was entered, and says which line is wrong."""
    task_id = caller.task()["task_id"]
    page = visitor.send(visitor.open(f"/dashboard/tasks/{task_id}/label"), "/label", 400, text=text)
    assert problem in page.text
    assert page.form("/label").fields["text"] == text
    assert caller.get(f"/task/{task_id}")["status"] == "pending"


def test_response_of_somebody_else(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """Nobody's response is replaced unseen, and nobody's drawing is lost."""
    task_id = caller.task()["task_id"]
    path = f"/dashboard/tasks/{task_id}/label"
    early = visitor.open(path)
    manual.complete(task_id, {"annotations": [BOX]})
    page = visitor.send(early, "/label", 409, text='{"annotations": []}')
    assert "it is completed; submit again to replace its response" in page.words
    assert page.form("/label").fields["text"] == '{"annotations": []}'
    assert caller.get(f"/task/{task_id}")["response"] == {"annotations": [BOX]}
    again = visitor.send(page, "/label", text='{"annotations": []}')
    assert "The response is fixed." in again.text
    page = visitor.send(early, "/label", 409, text=TEXT)
    manual.recall(task_id)
    page = visitor.send(page, "/label", 409, text=TEXT)
    assert "it is pending." in page.words
    manual.fail(task_id)
    page = visitor.send(page, "/label", 409, text=TEXT)
    assert "it is error." in page.words
    page = visitor.send(page, "/label", 400, text=TEXT)
    assert page.form("/label").fields["text"] == TEXT


def test_reviews_and_tags_are_no_conflict(visitor: Visitor, caller: Caller) -> None:
    task_id = caller.task()["task_id"]
    page = visitor.open(f"/dashboard/tasks/{task_id}/label")
    caller.put(f"/task/{task_id}/tags", ["late"])
    assert "The task is completed." in visitor.send(page, "/label", text=TEXT).text


def test_image_link(visitor: Visitor, caller: Caller) -> None:
    """A stored image comes from the sandbox, any other one from where it is."""
    file = caller.post("/files/upload", files={"file": ("a.png", PNG)}, data={})
    stored = caller.task(attachment=file["attachment_url"])["task_id"]
    (image,) = visitor.open(f"/dashboard/tasks/{stored}/label").all("image")
    assert visitor.answer("GET", image.attributes["href"]).content == PNG
    (image,) = visitor.open(f"/dashboard/tasks/{caller.task()['task_id']}/label").all("image")
    assert image.attributes["href"] == IMAGE_TASK["attachment"]


def test_queue(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """The next task is the oldest pending one that can be worked on; it starts again at the end."""
    caller.project()
    caller.project("letters", studio=True)
    caller.batch()
    caller.batch("staged", "letters")
    ids: list[str] = []
    for batch in ("week_1", None, "staged", "week_1"):
        ids.append(caller.task(**({"batch": batch} if batch else {}))["task_id"])
        manual.clock.advance(1)

    def following(**where: str) -> str:
        return visitor.open("/dashboard/next", **where).url.split("?")[0].split("/")[-2]

    assert following() == ids[0]
    assert following(after=ids[0]) == ids[1]
    assert following(after=ids[1]) == ids[3]
    assert following(after=ids[3]) == ids[0]
    assert following(after=ids[0], batch="week_1") == ids[3]
    page = visitor.open("/dashboard/next", batch="week_1")
    assert "2 waiting" in page.words
    page = visitor.send(page, "/label", text=TEXT, next="1")
    assert page.url.endswith(f"/dashboard/tasks/{ids[3]}/label?batch=week_1")
    page = visitor.send(page, "/label", text=TEXT, next="1")
    assert "No task is waiting" in page.text
    assert "No task is waiting" in visitor.open("/dashboard/next", mode="test").text


def test_an_empty_queue_names_the_mode_that_has_tasks(
    visitor: Visitor, manual: Sandbox, caller: Caller
) -> None:
    """The key that the command prints is a test key, but the dashboard opens in live mode."""
    page = visitor.open("/dashboard/next", mode="test")
    assert "In live mode" not in page.text
    caller.task()
    assert "In live mode, 1 is." in visitor.open("/dashboard/next", mode="test").text
    caller.task()
    assert "In live mode, 2 are." in visitor.open("/dashboard/next", mode="test").text


def test_scripts(visitor: Visitor) -> None:
    """Every script is a file of the dashboard."""
    for name in ("label.js", "stage.js", "shapes.js", "json_editor.js"):
        answer = visitor.answer("GET", f"/dashboard/static/{name}")
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for name in ("none.js", "..%2Flabel.py", "%2e%2e", "label", ".js"):
        assert visitor.answer("GET", f"/dashboard/static/{name}").status_code == 404
