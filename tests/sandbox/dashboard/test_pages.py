"""What the pages show."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.dashboard.page import SECTIONS
from tests.sandbox.dashboard.visitor import Visitor
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.rules.receiver import Receiver
from tests.sandbox.rules.test_files import PNG

PAGES = ("/", *(f"/dashboard/{section.name}" for section in SECTIONS if section.name))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("mode", ["live", "test"])
def test_pages_of_an_empty_sandbox(visitor: Visitor, path: str, mode: str) -> None:
    """Every page is there from the beginning, says where it is, and stays in its mode."""
    page = visitor.open(path, mode=mode)
    assert page.elements[0].attributes["lang"] == "en"
    (current,) = (one for one in page.all("a") if one.attributes.get("aria-current") == "page")
    assert current.attributes["href"].split("?")[0] == path
    switch = page.links[10:12]
    assert switch == [f"{visitor.url[:-1]}{path}", f"{visitor.url[:-1]}{path}?mode=test"]
    assert {"mode=test" in link for link in page.links[:10]} == {mode == "test"}
    for link in page.links:
        assert visitor.answer("GET", link).status_code == 200


def test_overview(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """The first page counts the tasks of both modes and shows the latest ones."""
    Caller(manual, manual.test_key).task(unique_id="in test mode")
    for number in range(12):
        caller.task(unique_id=f"task {number}")
    manual.complete(caller.get("/tasks")["docs"][0]["task_id"])
    page = visitor.open("/")
    counts = {
        one.attributes["aria-label"]: one.attributes["href"]
        for one in page.all("a")
        if "aria-label" in one.attributes
    }
    assert counts["11 pending tasks in live mode"] == "/dashboard/tasks?status=pending"
    assert "1 completed tasks in live mode" in counts
    assert "1 pending tasks in test mode" in counts
    assert "task 11" in page.text
    assert "task 2" in page.text
    assert "task 1 " not in page.words
    assert "in test mode" in visitor.open("/", mode="test").words
    assert manual.url in page.text


def test_projects(caller: Caller, visitor: Visitor) -> None:
    """Projects are listed, newest first; one shows its parameters, batches and tasks."""
    caller.project("a/b", params={"instruction": "Version zero."})
    caller.post("/projects/a%2Fb/setParams", {"instruction": "Version one."})
    for number in range(60):
        caller.project(f"project {number}")
    caller.batch("week 1", "a/b")
    task = caller.task(project="a/b", batch="week 1")
    other = caller.task(project="project 1")
    first = visitor.open("/dashboard/projects")
    assert "project 59" in first.text
    assert "a/b" not in first.text
    older = next(link for link in first.links if "offset=50" in link)
    assert f"{visitor.url}dashboard/projects/a%2Fb" in visitor.open(older).links
    page = visitor.open("/dashboard/projects/a%2Fb")
    assert "Version zero." in page.text
    assert "Version one." in page.text
    assert "1 pending" in page.words
    assert f"{visitor.url}dashboard/tasks/{task['task_id']}" in page.links
    assert f"{visitor.url}dashboard/batches/week%201" in page.links
    assert other["task_id"] not in page.text
    visitor.open("/dashboard/projects/none", 404)


def test_batches(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """Batches are listed with how far their tasks are, by project and by status."""
    caller.project()
    caller.project("rapid", rapid=True)
    caller.batch(callback="http://127.0.0.1:9/done")
    for number in range(51):
        caller.batch(f"empty {number}", "rapid")
    tasks = [caller.task(batch="week_1") for _ in range(3)]
    manual.complete(tasks[0]["task_id"])
    manual.fail(tasks[1]["task_id"])
    older = next(link for link in visitor.open("/dashboard/batches").links if "offset=50" in link)
    assert "week_1" in visitor.open(older).text
    page = visitor.open("/dashboard/batches", project="parcels", status="in_progress")
    assert "empty" not in page.text
    assert "2 of 3 · 1 error · 1 pending" in page.words
    bar = page.all("progress")[0].attributes
    assert (bar["value"], bar["max"]) == ("2", "3")
    other = caller.task(batch="empty 1")
    page = visitor.open("/dashboard/batches/week_1")
    assert other["task_id"] not in page.text
    assert "2 of 3" in page.words
    assert "http://127.0.0.1:9/done" in page.links
    assert f"{visitor.url}dashboard/tasks/{tasks[2]['task_id']}" in page.links
    visitor.open("/dashboard/batches/none", 404)
    visitor.open("/dashboard/batches", 400, status="lost")


def test_batch_operations(caller: Caller, visitor: Visitor) -> None:
    """A batch offers the operations that its status allows, and says what is wrong with others."""
    caller.project("rapid", rapid=True)
    caller.batch("b/1", "rapid")
    caller.task(project="rapid", batch="b/1")
    path = "/dashboard/batches/b%2F1"
    page = visitor.open(path)
    assert page.actions() == ["finalize", "cancel"]
    finalize = page
    page = visitor.send(page, "/finalize")
    assert "The batch is finalized." in page.text
    assert caller.get("/batches/b%2F1")["status"] == "in_progress"
    assert page.actions() == ["pause", "cancel"]
    page = visitor.send(visitor.send(page, "/pause"), "/resume")
    assert "cannot be finalized: it is in_progress" in visitor.send(finalize, "/finalize", 400).text
    page = visitor.send(page, "/cancel")
    assert page.actions() == []
    data = finalize.form("/cancel").fields
    for name in ("b%2F1/vanish", "none/cancel"):
        assert visitor.answer("POST", f"/dashboard/batches/{name}", data=data).status_code == 404


def test_sorted_batches_and_projects(caller: Caller, visitor: Visitor) -> None:
    for name in ("b", "a", "c"):
        caller.project(name)
        caller.batch(name, name)
    for kind in ("batches", "projects"):
        for sort, expected in (("name", "abc"), ("-name", "cba"), ("created", "bac")):
            links = visitor.open(f"/dashboard/{kind}", sort=sort).links
            found = [link[-1] for link in links if f"/dashboard/{kind}/" in link]
            assert "".join(found) == expected, (kind, sort)
    assert "3 batches" in visitor.open("/dashboard/batches").words
    assert "3 projects" in visitor.open("/dashboard/projects").words


def test_callbacks_of_a_batch(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """A batch shows its own callbacks with every try; those of its tasks are theirs."""
    with Receiver(503, 200) as receiver:
        caller.project()
        for name in ("week_1", "week_2"):
            caller.batch(name, callback=receiver.url)
        task = caller.task(batch="week_1", callback_url="http://127.0.0.1:9/task")
        assert "None yet." in visitor.open("/dashboard/batches/week_1").words
        caller.post("/batches/week_1/finalize")
        manual.complete(task["task_id"])
        manual.wait_for_callbacks()
        manual.clock.advance(10)
        manual.wait_for_callbacks()
        page = visitor.open("/dashboard/batches/week_1")
        assert "batch completed delivered" in page.words
        answers = re.findall(r"(\d) \S+ \S+ (503|200) ", page.words)
        assert answers == [("1", "503"), ("2", "200")]
        assert "127.0.0.1:9/task" not in page.text
        assert "None yet." in visitor.open("/dashboard/batches/week_2").words


def test_redirects_to_the_overview(visitor: Visitor) -> None:
    for path in ("/dashboard", "/dashboard/"):
        assert visitor.open(path).url == visitor.url
        assert visitor.open(path, mode="test").url == f"{visitor.url}?mode=test"
        assert "mode" in visitor.open(path, 400, mode="lost").words


def test_viewing_is_not_a_read(visitor: Visitor, manual: Sandbox, caller: Caller) -> None:
    """No page brings a task any nearer to its end."""
    manual.transition = "after 2 reads"
    caller.project()
    caller.batch()
    task_id = caller.task(batch="week_1")["task_id"]
    paths = (*PAGES, "/dashboard/batches/week_1", "/dashboard/projects/parcels")
    for _ in range(3):
        for path in (*paths, f"/dashboard/tasks/{task_id}"):
            visitor.open(path)
    assert "Completes after 2 more reads" in visitor.open(f"/dashboard/tasks/{task_id}").words
    assert [caller.get(f"/task/{task_id}")["status"] for _ in range(3)][1:] == [
        "pending",
        "completed",
    ]


def test_files(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """Images are shown, what is none is not, and bytes that are not here have no link."""
    caller.project()
    caller.post(
        "/files/upload",
        files={"file": ("a.png", PNG)},
        data={"project_name": "parcels", "display_name": "the belt", "reference_id": "ref 1"},
    )
    caller.post("/files/upload", files={"file": ("a.txt", b"text")}, data={})
    caller.post("/files/import", {"file_url": "https://img.example.net/b.png"})
    page = visitor.open("/dashboard/files")
    assert "not stored" in page.text
    assert "the belt" in page.text
    assert "ref 1" in page.text
    (image,) = page.all("img")
    assert visitor.answer("GET", image.attributes["src"]).content == PNG
    assert any(link.endswith("/projects/parcels") for link in page.links)
    for number in range(50):
        caller.post("/files/upload", files={"file": (f"{number}.txt", b"text")}, data={})
    page = visitor.open("/dashboard/files")
    assert not page.all("img")
    older = visitor.open(next(link for link in page.links if "after=" in link))
    assert older.all("img")
    assert len(older.all("tr")) == 1 + 3
    assert manual.requests[-1].path == "/v1/files/upload"


def test_team_and_studio(manual: Sandbox, visitor: Visitor) -> None:
    """Members, and in Studio who works on what."""
    manual.seed(
        {
            "live": {
                "teammates": [{"emails": ["a@x.net", "b@x.net"], "team_role": "labeler"}],
                "projects": [{"name": "letters", "type": "imageannotation", "studio": True}],
                "batches": [{"name": "begun", "project": "letters", "status": "in_progress"}],
                "tasks": [
                    {"type": "imageannotation", "batch": "begun", "status": "pending"} | IMAGE_TASK
                ],
            }
        }
    )
    live = Caller(manual, manual.live_key)
    live.post("/studio/assignments/add", {"emails": ["a@x.net"], "projects": ["letters"]})
    live.post("/studio/projects/letters/groups", {"name": "early", "emails": ["a@x.net"]})
    live.put("/studio/batches/begun", {"groups": ["early"]})
    live.post("/studio/batches/set_priorities", {"batches": [{"name": "begun"}]})
    words = visitor.open("/dashboard/team").words
    assert "admin@sandbox.example admin Ada Admin" in words
    assert "a@x.net labeler letters" in words
    assert "b@x.net labeler Studio" in words
    assert "letters early: a@x.net" in words
    assert "begun letters Production 1 early 0 of 1" in words
    assert "begun" not in visitor.open("/dashboard/team", mode="test").words


def test_missing_resource(visitor: Visitor) -> None:
    """It is told on a page, which leads back."""
    page = visitor.open("/dashboard/tasks/none", 404)
    assert "Task with that ID not found." in page.text
    assert visitor.url in page.links
    assert "must be one of" in visitor.open("/", 400, mode="real").text


@pytest.mark.parametrize("kind", ["tasks", "batches", "projects"])
@pytest.mark.parametrize("name", ["_scheme", "_external", "_method", "_anchor", "endpoint", "self"])
def test_unknown_query_parameters(visitor: Visitor, kind: str, name: str) -> None:
    """Links of a list stay as they are, whatever is added to its address."""
    page = visitor.open(f"/dashboard/{kind}", **{name: "javascript"})
    assert all(link.startswith(visitor.url) for link in page.links)


def test_special_characters_in_names(caller: Caller, visitor: Visitor) -> None:
    """Links lead to things whatever they are called."""
    name = "a/b?c#d&e=f%2F+ ü\"'<>.."
    caller.project(name)
    caller.batch(name, name)
    task_id = caller.task(batch=name)["task_id"]
    page = visitor.open("/dashboard/tasks", project=name, batch=name)
    assert f"{visitor.url}dashboard/tasks/{task_id}" in page.links
    for kind in ("projects", "batches"):
        path = f"{visitor.url}dashboard/{kind}/{quote(name, safe='')}"
        assert path in page.links
        assert name in visitor.open(path).text


def test_all_templates_are_used() -> None:
    """Every template is used, and every one that is named is there."""
    folder = Path(__file__).parents[3] / "scaleapi" / "sandbox" / "dashboard"
    sources = "".join(
        path.read_text("utf-8") for path in folder.rglob("*") if path.suffix in (".py", ".html")
    )
    assert {path.name for path in folder.glob("templates/*")} == {
        name for name in sources.split('"') if name.endswith(".html")
    }


def test_no_such_page(visitor: Visitor) -> None:
    """A mistyped address shows a page that leads back, not JSON."""
    page = visitor.open("/dashboard/tusks/1", 404)
    assert 'There is no page "tusks/1".' in page.text
    assert visitor.url in page.links
