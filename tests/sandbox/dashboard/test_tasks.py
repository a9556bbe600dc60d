"""The list of tasks: filters, search and pages."""

from __future__ import annotations

from typing import Any

from scaleapi.sandbox import Sandbox
from tests.sandbox.dashboard.visitor import Page, Visitor
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.rules.test_files import PNG


def listed(page: Page) -> list[str]:
    """The ids of the tasks on a page."""
    return [link.split("/tasks/")[1] for link in page.links if "/dashboard/tasks/" in link]


def walk(visitor: Visitor, **query: str) -> list[str]:
    """The ids of the tasks on all pages."""
    page = visitor.open("/dashboard/tasks", **query)
    found = listed(page)
    while following := [link for link in page.links if "after=" in link]:
        page = visitor.open(following[0])
        found += listed(page)
    return found


def test_filters(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """Each filter keeps what it says, and they work together."""
    caller.project()
    caller.batch()
    caller.batch("week_2")
    ids = [caller.task(batch="week_1", tags=["early"])["task_id"] for _ in range(4)]
    ids.append(caller.task(batch="week_2")["task_id"])
    text = {"text": "a", "labels": [{"name": "b", "description": "c"}]}
    ids.append(caller.post("/task/namedentityrecognition", text)["task_id"])
    for task_id in ids[:3]:
        manual.complete(task_id)
    caller.post(f"/task/{ids[0]}/audit", {"accepted": True})
    caller.post(f"/task/{ids[1]}/audit", {"accepted": False})
    expected: dict[str, list[int]] = {
        "status=pending": [5, 4, 3],
        "type=namedentityrecognition": [5],
        "project=parcels": [4, 3, 2, 1, 0],
        "batch=week_2": [4],
        "review=accepted": [0],
        "review=pending": [5, 4, 3, 2],
        "status=completed&review=pending": [2],
        "batch=week_1&status=pending&type=imageannotation": [3],
        "q=early&status=pending": [3],
        "project=none": [],
        "": [5, 4, 3, 2, 1, 0],
    }
    for query, places in expected.items():
        page = visitor.open(f"/dashboard/tasks?{query}")
        assert listed(page) == [ids[place] for place in places], query
    for name in ("status", "type", "review"):
        visitor.open("/dashboard/tasks", 400, **{name: "none"})


def test_form_keeps_filters(visitor: Visitor) -> None:
    """The form shows the filters of its list, and keeps its mode."""
    page = visitor.open(
        "/dashboard/tasks", mode="test", q='a "b"', status="error", project="p", batch="b"
    )
    assert page.forms[0].fields == {"mode": "test", "q": 'a "b"'}
    options = [one.attributes for one in page.all("option") if "selected" in one.attributes]
    assert [one["value"] for one in options] == ["error", "p", "b"]


def test_search(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """An id and a unique id lead to the task, a tag to its tasks, anything else to none."""
    task = caller.task(unique_id="belt-7", tags=["early"])
    other = Caller(manual, manual.test_key).task(unique_id="belt-8", tags=["early"])
    for text in (task["task_id"], "belt-7"):
        assert visitor.open("/dashboard/tasks", q=text).url.endswith(task["task_id"])
    page = visitor.open("/dashboard/tasks", q="early")
    assert listed(page) == [task["task_id"]]
    for text in ("earl", "belt-8", other["task_id"], "%", "' OR 1=1 --"):
        page = visitor.open("/dashboard/tasks", q=text)
        assert "No tasks match the filters." in page.text
        assert f"{visitor.url}dashboard/tasks" in page.links  # clears the filters
    page = visitor.open("/dashboard/tasks", q="belt-8", mode="test")
    assert page.url.endswith(f"{other['task_id']}?mode=test")


def test_pagination(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """All tasks come once, newest first, in pages of fifty, by age and by tag."""
    entry: dict[str, Any] = {"type": "imageannotation", "status": "pending"} | IMAGE_TASK
    for tags in (["a"], ["b"], ["a", "b"]):
        manual.seed({"live": {"tasks": [entry | {"tags": tags, "count": 51}]}})
        manual.clock.advance(1)
    newest_first: list[str] = []
    token: dict[str, str] = {}
    while True:
        answer = caller.get("/tasks", **token)
        newest_first += [task["task_id"] for task in answer["docs"]]
        if not answer["has_more"]:
            break
        token = {"next_token": answer["next_token"]}
    assert walk(visitor) == newest_first
    assert walk(visitor, q="a", status="pending") == newest_first[:51] + newest_first[102:]
    first = visitor.open("/dashboard/tasks")
    assert len(listed(first)) == 50
    second = visitor.open(next(link for link in first.links if "after=" in link))
    assert f"{visitor.url}dashboard/tasks" in second.links
    visitor.open("/dashboard/tasks", 400, after="?")


def test_names_to_choose_from(caller: Caller, visitor: Visitor) -> None:
    """Filters offer projects and batches, or a text field if there are too many of them."""
    for name in ("b", "a", "C"):
        caller.project(name)
    caller.batch("one", "a")
    caller.batch("two", "b")
    page = visitor.open("/dashboard/tasks", project="a")
    values = [one.attributes["value"] for one in page.all("option")]
    assert values[-6:] == ["", "a", "b", "C", "", "one"]
    assert "C" in [
        one.attributes["value"] for one in visitor.open("/dashboard/batches").all("option")
    ]
    for number in range(300):
        caller.project(f"project {number}")
    page = visitor.open("/dashboard/tasks", project="none")
    assert page.forms[0].fields["project"] == "none"


def test_sorting(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """Every column sorts both ways, on all pages, whatever is missing; totals count all pages."""
    caller.project()
    entry: dict[str, Any] = {"type": "imageannotation", "status": "pending"} | IMAGE_TASK
    tasks = [
        entry | {"unique_id": f"u{number % 7}{number}", "tags": ["a"] if number % 2 else []}
        for number in range(0, 60, 3)
    ]
    manual.seed({"live": {"tasks": [*tasks, entry | {"count": 40}]}})
    caller.task(project="parcels")
    done = caller.task()["task_id"]
    manual.complete(done)
    docs = caller.get("/tasks")["docs"]
    for column, field in (
        ("created", "created_at"),
        ("status", "status"),
        ("project", "project"),
        ("unique_id", "unique_id"),
    ):
        keys = {one["task_id"]: (one.get(field, ""), one["task_id"]) for one in docs}
        expected = sorted(keys, key=keys.__getitem__)
        assert walk(visitor, sort=column) == expected, column
        assert walk(visitor, sort=f"-{column}") == expected[::-1], column
    tagged = walk(visitor, q="a", sort="unique_id")
    assert tagged == [one for one in walk(visitor, sort="unique_id") if one in tagged]
    assert len(tagged) == 10
    page = visitor.open("/dashboard/tasks", sort="status")
    assert "62 tasks" in page.words
    (heading,) = (one.attributes for one in page.all("th") if "aria-sort" in one.attributes)
    assert heading["aria-sort"] == "ascending"
    assert f"{visitor.url}dashboard/tasks?sort=-status" in page.links
    assert "10 tasks" in visitor.open("/dashboard/tasks", q="a").words
    assert "1 task " in visitor.open("/dashboard/tasks", status="completed").words
    visitor.open("/dashboard/tasks", 400, sort="key")
    visitor.open("/dashboard/batches", 400, sort="-key")
    visitor.open("/dashboard/projects", 400, sort="body")


def test_thumbnails(caller: Caller, visitor: Visitor) -> None:
    """Rows show the image of the task; what is no image, or cannot be loaded, is left out."""
    file = caller.post("/files/upload", files={"file": ("a.png", PNG)}, data={})
    caller.task(attachment=file["attachment_url"])
    caller.task(attachment="s3://far/a.png")
    caller.task()
    text = {"text": "a", "labels": [{"name": "b", "description": "c"}]}
    caller.post("/task/namedentityrecognition", text)
    remote, stored = (one.attributes["src"] for one in visitor.open("/dashboard/tasks").all("img"))
    assert remote == IMAGE_TASK["attachment"]
    assert visitor.answer("GET", stored).content == PNG


def chosen(visitor: Visitor, ids: list[str], action: str, text: str = "", **query: str) -> Page:
    """Run an action on tasks as the form of the list does."""
    page = visitor.open("/dashboard/tasks", **query)
    form = next(one for one in page.forms if one.method == "post")
    data = {**form.fields, "task": ids, "action": action, "text": text}
    answer = visitor.answer("POST", form.action, data=data)
    return Page(answer.url, answer.text)


def test_bulk_actions(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """Chosen tasks are completed, accepted and rejected; those that do not allow it are counted."""
    ids = [caller.task()["task_id"] for _ in range(4)]
    other = Caller(manual, manual.test_key).task()["task_id"]
    page = chosen(visitor, ids[:3], "complete", "ignored", status="pending")
    assert "3 completed." in page.text
    assert listed(page) == ids[3:]
    page = chosen(visitor, [*ids, ids[0], other, "none"], "reject", " Too loose. ")
    assert "3 rejected. 3 did not allow it." in page.text
    task = caller.get(f"/task/{ids[1]}")
    assert task["customer_review_comments"] == ["Too loose."]
    assert "No task was selected." in chosen(visitor, [], "accept").text
    assert "1 accepted." in chosen(visitor, ids[:1], "accept").text
    assert caller.get(f"/task/{ids[3]}")["status"] == "pending"
    assert chosen(visitor, ids, "vanish").words.count('There is no action "vanish"') == 1
    for outcome in ({"done": "vanish"}, {"done": "accept", "changed": "-1"}):
        visitor.open("/dashboard/tasks", 400, **outcome)


def test_bulk_actions_on_all_pages(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """All that match the filters, however many pages they have, and no other."""
    task = {"type": "imageannotation", "attachment": IMAGE_TASK["attachment"]}
    task["geometries"] = IMAGE_TASK["geometries"]
    tags = ({"tags": ["a"], "count": 400}, {"tags": ["b"], "count": 100})
    manual.seed({"live": {"tasks": [task | more for more in tags]}})
    page = visitor.open("/dashboard/tasks", q="a")
    assert "400 tasks Select all 400" in page.words
    form = next(one for one in page.forms if one.method == "post")
    data = {**form.fields, "every": "1", "action": "complete"}
    answer = visitor.answer("POST", form.action, data=data)
    assert "400 completed." in answer.text
    assert caller.get("/tasks", status="completed", limit=1)["total"] == 400
    assert caller.get("/tasks", status="pending", limit=1)["total"] == 100
    assert "Select all 4" not in visitor.open("/dashboard/tasks", q="none").text


def test_columns(manual: Sandbox, caller: Caller, visitor: Visitor) -> None:
    """A column that is empty on the page is left out, but not the one that sorts the page."""
    caller.project()
    task = caller.task(project="parcels")
    page = visitor.open("/dashboard/tasks")
    assert "Task Status Type Project Created ↓" in page.words
    page = visitor.open("/dashboard/projects/parcels")
    assert "Task Status Type Created" in page.words
    page = visitor.open("/dashboard/tasks", sort="review")
    assert "Task Status Review ↑ Type Project Created" in page.words
    caller.task(project="parcels", tags=["early"], unique_id="belt-7")
    manual.complete(task["task_id"])
    visitor.send(visitor.open(f"/dashboard/tasks/{task['task_id']}"), "/accept")
    page = visitor.open("/dashboard/tasks")
    assert "Task Status Review Type Project Unique ID Tags Created ↓" in page.words


def test_empty_lists(caller: Caller, visitor: Visitor) -> None:
    """They say what is empty, and where tasks are."""
    for path in ("/dashboard/", "/dashboard/tasks"):
        assert "No tasks in live mode yet." in visitor.open(path).text
    caller.task()
    for path in ("/dashboard/", "/dashboard/tasks"):
        page = visitor.open(path, mode="test")
        assert "No tasks in test mode. There are tasks in live mode." in page.words
        assert any(link.endswith("/dashboard/tasks") for link in page.links)
