"""Each command once, and bad input for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scaleapi.sandbox import Sandbox
from tests.cli.conftest import Run

TASK = ("categorization", "attachment=x", "attachment_type=text", 'categories:=["a","b"]')


@pytest.fixture
def project(run: Run) -> str:
    assert run("projects", "create", "p", "categorization").status == 0
    return "p"


@pytest.fixture
def task_id(run: Run, project: str) -> str:
    ran = run("tasks", "create", *TASK, f"project={project}", "unique_id=u1")
    assert ran.status == 0
    return str(ran.lines[0]["task_id"])


def test_tasks_create_sends_text_and_json_fields(run: Run, task_id: str) -> None:
    (task,) = run("tasks", "get", task_id).lines
    assert task["params"]["categories"] == ["a", "b"]
    assert task["unique_id"] == "u1"


@pytest.mark.parametrize("where", ["file", "standard input"])
def test_fields_override_those_of_a_params_file(
    run: Run, project: str, tmp_path: Path, where: str
) -> None:
    text = json.dumps({"attachment": "x", "attachment_type": "text", "categories": ["a", "b"]})
    file = tmp_path / "params.json"
    file.write_text(text)
    source = str(file) if where == "file" else "-"
    ran = run(
        *("tasks", "create", "categorization", "--params", source, "attachment=y", "project=p"),
        stdin=text,
    )
    assert ran.lines[0]["params"]["attachment"] == "y"


def test_tasks_create_dry_run_sends_nothing(run: Run, sandbox: Sandbox) -> None:
    before = len(sandbox.requests)
    ran = run("tasks", "create", *TASK, "--dry-run")
    assert ran.lines == [
        {
            "method": "POST",
            "path": "task/categorization",
            "body": {"attachment": "x", "attachment_type": "text", "categories": ["a", "b"]},
        }
    ]
    assert len(sandbox.requests) == before


def test_tasks_list_and_count_take_filters(run: Run, task_id: str) -> None:
    assert [task["task_id"] for task in run("tasks", "list", "--project-name", "p").lines] == [
        task_id
    ]
    assert run("tasks", "list", "--project-name", "p", "--status", "completed").lines == []
    assert run("tasks", "count", "--project-name", "p", "--unique-id", "u1").lines == [1]


def test_tasks_list_stops_at_its_limit(run: Run, project: str) -> None:
    for _ in range(3):
        run("tasks", "create", *TASK, "project=p")
    assert len(run("tasks", "list", "--project-name", "p", "--limit", "2").lines) == 2


def test_tasks_cancel(run: Run, task_id: str) -> None:
    assert run("tasks", "cancel", task_id).lines[0]["status"] == "canceled"


def test_tasks_audit(run: Run, task_id: str, sandbox: Sandbox) -> None:
    sandbox.complete(task_id)
    ran = run("tasks", "audit", task_id, "--reject", "--comments", "blurred")
    assert ran.lines == [{"task_id": task_id, "customer_review_status": "rejected"}]


def test_batches(run: Run, project: str) -> None:
    made = run("batches", "create", "p", "b1", "--metadata", '{"line": "A"}')
    assert made.lines[0]["name"] == "b1"
    assert made.lines[0]["metadata"] == {"line": "A"}
    assert [one["name"] for one in run("batches", "list", "--project-name", "p").lines] == ["b1"]
    assert run("batches", "status", "b1").lines[0]["status"]
    assert run("batches", "finalize", "b1", "--dry-run").lines[0]["path"] == "batches/b1/finalize"
    assert run("batches", "finalize", "b1").status == 0


def test_projects(run: Run, project: str) -> None:
    assert run("projects", "update", "p", "instruction=Sort").status == 0
    assert run("projects", "get", "p").lines[0]["param_history"][-1]["instruction"] == "Sort"
    assert [one["name"] for one in run("projects", "list").lines] == ["p"]
    assert run("projects", "list", "--archived").lines == []


def test_files(run: Run, project: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("text")
    (uploaded,) = run("files", "upload", str(file), "--project-name", "p").lines
    assert [one["id"] for one in run("files", "list", "p").lines] == [uploaded["id"]]


def test_teams(run: Run) -> None:
    team = run("teams", "invite", "labeler", "new@example.com")
    assert "new@example.com" in [person["email"] for person in team.lines]
    changed = run("teams", "set-role", "member", "new@example.com").lines
    assert {"new@example.com": "member"}.items() <= {
        person["email"]: person["role"] for person in changed
    }.items()
    assert run("teams", "list").lines == changed


def test_studio(run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALE_API_KEY", sandbox.live_key)
    run("projects", "create", "s", "categorization", "--studio")
    run("teams", "invite", "labeler", "one@example.com", "--yes")
    assigned = run("studio", "assign", "one@example.com", "--project", "s").lines
    assert {"email": "one@example.com", "assigned_projects": ["s"]} in assigned
    assert run("studio", "assignments").status == 0
    assert run("studio", "create-group", "s", "g", "one@example.com").lines[0]["name"] == "g"
    assert [group["name"] for group in run("studio", "groups", "s").lines][:1]
    assert run("studio", "update-group", "s", "g", "--remove", "one@example.com").status == 0
    assert run("studio", "batches").lines == []
    assert run("studio", "reset-priorities").lines == []
    assert run("studio", "unassign", "one@example.com", "--project", "s").status == 0


@pytest.fixture
def rows(tmp_path: Path) -> str:
    file = tmp_path / "rows.csv"
    file.write_text("id,attachment,metadata.line\n1,x,A\n2,y,B\n3,,C\n")
    return str(file)


def test_rows_make_a_task_each(run: Run, project: str, rows: str, tmp_path: Path) -> None:
    words = ("tasks", "create", *TASK[:1], *TASK[2:], "project=p", "--rows", rows)
    words += ("--unique-id", "scan-{id}", "--journal", str(tmp_path / "journal"))
    checked = run(*words, "--dry-run")
    assert [line["status"] for line in checked.lines] == ["checked"] * 3
    ran = run(*words)
    assert ran.status == 1  # the third has no attachment
    statuses = {line["row"]: line["status"] for line in ran.lines}
    assert statuses == {0: "created", 1: "created", 2: "failed"}
    again = run(*words)
    assert {line["row"]: line["status"] for line in again.lines} == {
        0: "existing",
        1: "existing",
        2: "failed",
    }
    assert run("tasks", "count", "--project-name", "p").lines == [2]


def test_wait_prints_tasks_as_they_end(run: Run, task_id: str, sandbox: Sandbox) -> None:
    assert run("tasks", "wait", task_id, "--timeout", "0.2").status == 1
    sandbox.complete(task_id)
    ran = run("tasks", "wait", "--project-name", "p")
    assert (ran.status, ran.lines[0]["status"]) == (0, "completed")


def test_wait_fails_for_tasks_that_were_not_completed(run: Run, task_id: str) -> None:
    run("tasks", "cancel", task_id)
    ran = run("tasks", "wait", task_id)
    assert (ran.status, ran.lines[0]["status"]) == (1, "canceled")


def test_batches_wait(run: Run, project: str, sandbox: Sandbox) -> None:
    run("batches", "create", "p", "b")
    (task,) = run("tasks", "create", *TASK, "project=p", "batch=b").lines
    run("batches", "finalize", "b")
    assert run("batches", "wait", "b", "--timeout", "0.2").status == 1
    sandbox.complete(task["task_id"])
    assert run("batches", "wait", "b").lines[0]["status"] == "completed"


FAILURES = [
    (("tasks", "get", "65f0a1b2c3d4e5f607182939"), 1, "not found"),
    (("tasks", "list"), 2, "--project-name"),
    (("tasks", "list", "--project-name", "p", "--limit", "0"), 2, "--limit: must be at least 1"),
    (("tasks", "list", "--project-name", "p", "--created-after", "soon"), 1, "start_time"),
    (("tasks", "create", "categorization", "attachment"), 2, "is not a field"),
    (("tasks", "create", "categorization", "=x"), 2, "is not a field"),
    (("tasks", "create", "categorization", ":=1"), 2, "is not a field"),
    (("tasks", "create", "categorization", "categories:=[a"), 2, "categories is not JSON"),
    (("tasks", "create", "categorization", "--params", "/none.json"), 2, "cannot read /none.json"),
    (("tasks", "create", "categorization", "--params", "-"), 2, "is not JSON"),
    (("tasks", "create", "categorization"), 1, "<Response [400]>"),
    (("tasks", "create", "categorization", "--journal", "j"), 2, "--journal is for --rows"),
    (("tasks", "create", "categorization", "--rows", "/none.csv"), 2, "/none.csv"),
    (("tasks", "create", "categorization", "--rows", "x", "--rate", "0"), 2, "--rate"),
    (("tasks", "cancel", ""), 2, "task_id"),
    (("tasks", "wait"), 2, "must be given"),
    (("tasks", "wait", "65f0a1b2c3d4e5f607182939"), 1, "not found"),
    (("tasks", "wait", "x", "--timeout", "soon"), 2, "--timeout"),
    (("tasks", "wait", "--project-name", "nowhere"), 1, "<Response [404]>"),
    (("tasks", "wait", "--batch-name", "nothing"), 1, "<Response [404]>"),
    (("batches", "wait", "nothing"), 1, "<Response [404]>"),
    (("tasks", "audit", "x"), 2, "--accept"),
    (("tasks", "audit", "x", "--accept", "--reject"), 2, "not allowed with"),
    (("batches", "create", "nowhere", "b"), 1, "<Response [404]>"),
    (("batches", "create", "p", "b", "--metadata", "{"), 2, "--metadata is not JSON"),
    (("batches", "status", ""), 2, "scaleapi: batch_name must not be empty"),
    (("batches", "status", "nothing"), 1, "<Response [404]>"),
    (("batches", "finalize", "nothing"), 1, "<Response [404]>"),
    (("projects", "get", "nowhere"), 1, "<Response [404]>"),
    (("projects", "create", "q", "categorization", "instruction"), 2, "is not a field"),
    (("projects", "update", "nowhere", "instruction=x"), 1, "<Response [404]>"),
    (("files", "upload", "/none", "--project-name", "p"), 2, "/none"),
    (("files", "upload", "/none"), 2, "--project-name"),
    (("files", "import", "ftp://x", "--project-name", "p"), 1, "<Response [400]>"),
    (("files", "list", "p", "--limit", "x"), 2, "--limit"),
    (("teams", "invite", "king", "a@example.com"), 1, "<Response [400]>"),
    (("studio", "assignments"), 1, "live"),
    (("listen",), 2, "SCALE_CALLBACK_SECRET"),
    (("listen", "--port", "99999"), 2, "--port"),
    (("listen", "--port", "-1"), 2, "--port"),
    (("sandbox", "--port", "x"), 2, "--port"),
    (("profiles", "remove", "none"), 2, "no profile 'none'"),
    (("completion", "fish"), 2, "invalid choice"),
    (("frobnicate",), 2, "invalid choice"),
    ((), 2, "COMMAND"),
    (("tasks",), 2, "COMMAND"),
]


@pytest.mark.parametrize(("words", "status", "text"), FAILURES, ids=str)
def test_bad_input_is_one_line_and_a_status(
    run: Run, words: tuple[str, ...], status: int, text: str
) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (status, "")
    assert text in ran.err
    assert "Traceback" not in ran.err


def test_no_key_says_where_to_put_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCALE_API_KEY")
    ran = run("projects", "list")
    assert ran.status == 2
    assert "SCALE_API_KEY" in ran.err
    assert "scaleapi profiles add default" in ran.err


SPENDING = [
    ("tasks", "create", *TASK),
    ("tasks", "cancel", "65f0a1b2c3d4e5f607182939"),
    ("batches", "finalize", "b"),
    ("teams", "invite", "labeler", "a@example.com"),
    ("teams", "set-role", "labeler", "a@example.com"),
]


@pytest.mark.parametrize("words", SPENDING, ids=" ".join)
def test_live_keys_need_consent_in_scripts(
    run: Run, words: tuple[str, ...], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCALE_API_KEY", sandbox.live_key)
    before = len(sandbox.requests)
    ran = run(*words)
    assert ran.status == 2
    assert "--yes" in ran.err
    assert len(sandbox.requests) == before
    run(*words, "--yes")
    assert len(sandbox.requests) > before
