"""A seed of the sandbox from an account of the service, for which another sandbox stands here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleClient, seed_from_account
from scaleapi.account_seed import main
from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import IMAGE_TASK, Caller
from tests.sandbox.rules.test_export import fill

PERSON = "jane.doe@customer.example"


@pytest.fixture
def account(manual: Sandbox) -> Sandbox:
    """An account with something of everything, and with people in it."""
    fill(manual)
    live = Caller(manual, manual.live_key)
    live.post("/teams/invite", {"emails": [PERSON], "team_role": "member"})
    live.project("private", params={"instruction": f"Ask {PERSON}."})
    live.batch("private", "private", callback=PERSON, metadata={"owner": PERSON})
    task = live.post(
        "/task/imageannotation",
        IMAGE_TASK
        | {
            "batch": "private",
            "attachment": f"https://{PERSON.split('@')[1]}/jane.png?token=secret",
            "instruction": f"Ask {PERSON}.",
            "metadata": {"patient": "Jane Doe"},
            "unique_id": "jane-doe-1",
            "callback_url": "https://customer.example/hook?token=secret",
            "context_attachments": [{"attachment": "https://customer.example/jane.jpg"}],
            "note": "Jane Doe",
        },
    )
    manual.complete(task["task_id"], {"annotations": [], "comment": "Jane Doe"})
    live.post(f"/task/{task['task_id']}/audit", {"accepted": False, "comments": "Jane Doe"})
    upload = {"metadata": '{"a": "Jane Doe"}', "reference_id": "jane", "project_name": "private"}
    live.post("/files/upload", files={"file": ("jane.png", b"a")}, data=upload)
    return manual


@pytest.fixture
def client(account: Sandbox) -> Iterator[ScaleClient]:
    with ScaleClient(account.live_key, api_instance_url=account.url) as client:
        yield client


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(transition="manual") as sandbox:
        yield sandbox


def test_everything_that_can_be_read(account: Sandbox, client: ScaleClient, copy: Sandbox) -> None:
    """Projects, batches, tasks, files and the team are those of the account, however read."""
    seed = json.loads(json.dumps(seed_from_account(client)))
    copy.seed(seed)
    with ScaleClient(copy.live_key, api_instance_url=copy.url) as other:
        assert [one.as_dict() for one in other.projects()] == [
            one.as_dict() for one in client.projects()
        ]
        for project in client.projects():
            for read in (
                lambda one, name=project.name: one.get_batches(name),
                lambda one, name=project.name: one.get_tasks(name, include_attachment_url=False),
                lambda one, name=project.name: one.list_files(name),
            ):
                assert [one.as_dict() for one in read(other)] == [
                    one.as_dict() for one in read(client)
                ]
        assert {one.email for one in other.list_teammates()} == {
            one.email for one in client.list_teammates()
        }
        batch = other.create_batch("quick", "new")
        task = other.create_task("imageannotation", batch="new", **IMAGE_TASK)
        assert (batch.status, task.status) == ("staging", "pending")


def test_only_reads(account: Sandbox, client: ScaleClient) -> None:
    """It makes no call that changes anything."""
    last = account.requests[-1].number
    seed_from_account(client)
    methods = [request.method for request in account.requests if request.number > last]
    assert len(methods) > 5
    assert set(methods) == {"GET"}


def test_without_personal_data(account: Sandbox, client: ScaleClient, copy: Sandbox) -> None:
    """Nothing of people, texts, files and links is left; the work stays what it was."""
    seed = seed_from_account(client, personal_data=False)
    text = json.dumps(seed)
    for private in ("Jane", "jane", PERSON, "customer.example", "secret", "ann@example.com"):
        assert private not in text
    for private in ("teammates", "response", "audits", "metadata", "callback_url"):
        assert f'"{private}"' not in text
    copy.seed(seed)
    with ScaleClient(copy.live_key, api_instance_url=copy.url) as other:
        (task,) = other.get_tasks("private")
        assert (task.status, task.customer_review_status) == ("completed", "rejected")
        assert task.params["geometries"]["box"]["objects_to_annotate"] == ["parcel"]
        assert task.response["annotations"][0]["label"] == "parcel"  # the sandbox's own
        assert task.unique_id
        assert "jane" not in task.unique_id
        counts = [
            [len(list(one.get_tasks(project.name))) for project in client.projects()]
            for one in (client, other)
        ]
        assert counts[0] == counts[1]


def test_selection(client: ScaleClient) -> None:
    """Some projects, and the newest tasks of each."""
    seed = seed_from_account(client, projects=["parcels", "talk"], tasks_per_project=2)
    part = seed["live"]
    assert [one["resource"]["name"] for one in part["projects"]] == ["parcels", "talk"]
    assert {one["resource"]["project"] for one in part["batches"]} == {"parcels", "talk"}
    tasks = [one["resource"] for one in part["tasks"]]
    assert [task["project"] for task in tasks].count("talk") == 2
    newest = [task.id for task in client.get_tasks("talk")][:2]
    assert [task["task_id"] for task in tasks if task["project"] == "talk"] == newest[::-1]


@pytest.mark.parametrize("wrong", [-1, 1.5, "all", True])
def test_rejects_invalid_limit(client: ScaleClient, wrong: Any) -> None:
    with pytest.raises(ValueError, match="tasks_per_project"):
        seed_from_account(client, tasks_per_project=wrong)


def test_command(
    account: Sandbox,
    copy: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It prints a seed, or writes a file that the sandbox loads."""
    monkeypatch.setenv("SCALE_API_KEY", account.test_key)
    monkeypatch.setenv("SCALE_API_INSTANCE_URL", account.url)
    assert main(["--project", "none"]) == 1
    assert 'there is no project "none"' in capsys.readouterr().err
    monkeypatch.setenv("SCALE_API_KEY", account.live_key)
    assert main(["--limit", "1", "--project", "parcels"]) == 0
    assert len(json.loads(capsys.readouterr().out)["live"]["tasks"]) == 1
    path = tmp_path / "seed.json"
    assert main(["--output", str(path), "--without-personal-data"]) == 0
    assert "wrote" not in capsys.readouterr().out
    assert PERSON not in path.read_text("utf-8")
    copy.seed(path)
    monkeypatch.delenv("SCALE_API_KEY")
    assert main([]) == 1
    error = capsys.readouterr().err
    assert "SCALE_API_KEY" in error
    assert error.count("\n") == 1


@pytest.mark.slow
def test_module_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scaleapi.account_seed", "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert "--without-personal-data" in done.stdout
