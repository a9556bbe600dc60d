"""Attachments that cannot be loaded, and task types that are switched off."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import IMAGE_TASK, Caller

MISSING = "scaledata://parcels/none"
GEOMETRIES = IMAGE_TASK["geometries"]


@pytest.mark.parametrize("path", ["/v1/projects", "/none"])
def test_local_urls_are_probed(sandbox: Sandbox, live: Caller, path: str) -> None:
    """The answer to the create is pending still; when work begins the task is an error."""
    url = sandbox.url.removesuffix("/v1") + path
    task = live.task(attachment=url, unique_id="u", clear_unique_id_on_error=True)
    assert task["status"] == "pending"
    sandbox.clock.advance(1)
    task = live.get(f"/task/{task['task_id']}")
    assert task["status"] == "error"
    status = 401 if path.startswith("/v1") else 404
    assert task["response"]["attachments"] == [{"statusCode": status, "url": url}]
    assert task["response"]["error"]
    assert "unique_id" not in task


def test_where_work_is_immediate(test: Caller) -> None:
    """The answer to the create is an error already."""
    task = test.task(attachment=MISSING)
    assert task["status"] == "error"
    assert task["response"]["attachments"] == [{"statusCode": 404, "url": MISSING}]


def test_nobody_listens(test: Caller) -> None:
    """A server that is not there counts as one that does not answer in time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.png"
    assert test.task(attachment=url)["response"]["attachments"][0]["statusCode"] == 504


def test_broken_frames_are_numbered(sandbox: Sandbox, test: Caller) -> None:
    """Of a list of frames those that are broken are told, with their position."""
    file = test.post("/files/upload", files={"file": ("a.txt", b"a")})["attachment_url"]
    gone = f"{sandbox.url}/tasks"
    body = {
        "attachments": [file, gone, "https://a.example/a.png", MISSING],
        "geometries": GEOMETRIES,
    }
    task = test.post("/task/videoannotation", body)
    assert task["status"] == "error"
    frames = task["response"]["frames"]
    assert [(one["frame"], one["attachment"]) for one in frames] == [
        (1, {"statusCode": 401, "url": gone}),
        (3, {"statusCode": 404, "url": MISSING}),
    ]
    assert all(one["message"] for one in frames)


def test_available_attachments_are_no_error(sandbox: Sandbox, test: Caller) -> None:
    """Files of the sandbox, their links, and everything elsewhere are taken as good."""
    file = test.post("/files/upload", files={"file": ("a.txt", b"a")})["attachment_url"]
    test.task(attachment=file)
    link = test.get("/tasks", include_attachment_url=True)["docs"][0]["attachmentS3Downloads"][0]
    assert link["s3URL"].startswith(sandbox.url.removesuffix("/v1"))
    for url in (file, link["s3URL"], "https://a.example/none.png", "s3://bucket/none.png"):
        assert test.task(attachment=url)["status"] == "completed"
    noted = test.post("/files/import", {"file_url": "https://a.example/a.png"})["attachment_url"]
    assert test.task(attachment=noted)["status"] == "completed"


def test_file_of_the_other_mode_is_missing(test: Caller, live: Caller) -> None:
    """The modes share no files."""
    file = live.post("/files/upload", files={"file": ("a.txt", b"a")})["attachment_url"]
    assert test.task(attachment=file)["status"] == "error"


def test_work_by_hand(manual: Sandbox, caller: Caller) -> None:
    """Beginning shows the error; whoever completes a task by hand has seen the attachment."""
    begun, completed = (caller.task(attachment=MISSING)["task_id"] for _ in range(2))
    assert manual.start_work(begun)["status"] == "error"
    assert manual.complete(completed)["status"] == "completed"


@pytest.mark.parametrize("attachment", [5, [], "http://[::1", None])
def test_what_is_no_url_is_refused_as_ever(test: Caller, attachment: Any) -> None:
    """Nothing is asked for a body that is wrong."""
    status = 200 if attachment == "http://[::1" else 400
    test.call("POST", "/task/imageannotation", status, json=IMAGE_TASK | {"attachment": attachment})
    body = {"attachments": attachment, "geometries": GEOMETRIES}
    test.error("POST", "/task/videoannotation", 400, json=body)


def test_disabled_type(sandbox: Sandbox) -> None:
    """To create such a task answers 402, and no other call does."""
    with Sandbox(disabled_types=["imageannotation"]) as limited:
        caller = Caller(limited, limited.test_key)
        assert "imageannotation" in caller.error(
            "POST", "/task/imageannotation", 402, json=IMAGE_TASK
        )
        caller.error("POST", "/training_tasks/imageannotation", 402, json=IMAGE_TASK)
        caller.post("/task/datacollection", {"fields": {"a": "b"}})
        caller.project()
    with pytest.raises(ValueError, match="disabled_types"):
        Sandbox(disabled_types={"none"})
