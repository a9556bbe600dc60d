"""What programs written for the service expect, beyond its documentation."""

from __future__ import annotations

import struct
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import Caller

FIELDS = [
    {"type": "text", "field_id": "summary", "title": "Summary"},
    {"type": "category", "field_id": "tone", "choices": [{"label": "Calm", "value": "calm"}]},
]
PAGE = {"type": "website", "content": "https://example.com"}


@pytest.mark.parametrize("required", [1, 3])
def test_text_collection_has_responses(test: Caller, required: int) -> None:
    """Beside its annotations, a list has an entry per required response, with text and fields."""
    body = {"attachments": [PAGE], "fields": FIELDS, "responses_required": required}
    response = test.post("/task/textcollection", body)["response"]
    assert response["annotations"] == {"summary": "test response", "tone": ["calm"]}
    assert len(response["responses"]) == required
    for entry in response["responses"]:
        assert entry["output"] == "test response"
        assert entry["type"] == "text"
        assert entry["annotations"] == response["annotations"]


def test_text_collection_with_template_variables_needs_no_attachments(test: Caller) -> None:
    """The template says what is shown; without either, the missing parameter is named."""
    body: dict[str, Any] = {"fields": FIELDS, "template_variables": {"prompt": "Why?"}}
    task = test.post("/task/textcollection", body)
    assert task["status"] == "completed"
    assert task["params"]["template_variables"] == {"prompt": "Why?"}
    for without in ({}, {"template_variables": {}}, {"attachments": []}):
        error = test.error("POST", "/task/textcollection", 400, json={"fields": FIELDS} | without)
        assert "attachments" in error


def test_one_task_always_has_download_links(caller: Caller) -> None:
    """Programs read them without asking; lists have them on request, and False turns them off."""
    file = caller.post("/files/upload", files={"file": ("a.png", b"a")})
    path = f"/task/{caller.task(attachment=file['attachment_url'])['task_id']}"
    (link,) = caller.get(path)["attachmentS3Downloads"]
    assert requests.get(link["s3URL"], timeout=5).content == b"a"
    assert "attachmentS3Downloads" not in caller.get(path, include_attachment_url=False)
    assert "attachmentS3Downloads" not in caller.get("/tasks")["docs"][0]


@pytest.mark.parametrize(
    ("name", "mime_type", "converted"),
    [
        ("a.tiff", None, True),
        ("a.bin", "image/heic", True),
        ("a.jpg", None, False),
        ("a.webp", None, False),
        ("a.pdf", None, False),
    ],
)
def test_converted_images(
    caller: Caller, name: str, mime_type: str | None, converted: bool
) -> None:
    """An image that browsers do not show has a second link, to a PNG image in its place."""
    file = (name, b"a", mime_type) if mime_type else (name, b"a")
    url = caller.post("/files/upload", files={"file": file})["attachment_url"]
    task = caller.get(f"/task/{caller.task(attachment=url)['task_id']}")
    found = [link["isConvertedImage"] for link in task["attachmentS3Downloads"]]
    assert found == ([False, True] if converted else [False])
    if converted:
        answer = requests.get(task["attachmentS3Downloads"][1]["s3URL"], timeout=5)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")
        assert struct.unpack(">II", answer.content[16:24]) == (100, 100)
        forged = task["attachmentS3Downloads"][1]["s3URL"].replace("-converted", "")
        assert requests.get(forged, timeout=5).status_code == 403


def form(sandbox: Sandbox, path: str, body: Any, status: int = 200) -> Any:
    answer = requests.post(
        sandbox.url + path,
        data=body,
        auth=(sandbox.test_key, ""),
        timeout=5,
    )
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("body", "params"),
    [
        (
            {"attachment": "https://a.example/a.jpg", "objects_to_annotate": ["a", "b"]},
            {"objects_to_annotate": ["a", "b"]},
        ),
        (
            {"attachment": "https://a.example/a.jpg", "objects_to_annotate[]": ["a"]},
            {"objects_to_annotate": ["a"]},
        ),
        (
            {
                "attachment": "https://a.example/a.jpg",
                "objects_to_annotate[0]": "a",
                "objects_to_annotate[1]": "b",
                "with_labels": "true",
                "min_width": "30",
            },
            {"objects_to_annotate": ["a", "b"], "with_labels": True, "min_width": 30},
        ),
        (
            {"attachment": "https://a.example/a.jpg", "objects_to_annotate": '["a", {"x": 1}]'},
            None,
        ),
    ],
)
def test_form_encoded_task(sandbox: Sandbox, body: Any, params: Any) -> None:
    """Repeated names, brackets and JSON in a value make arrays and objects."""
    if params is None:
        form(sandbox, "/task/annotation", body, 400)
        return
    task = form(sandbox, "/task/annotation", body)
    assert {name: task["params"][name] for name in params} == params


def test_form_encoded_objects(sandbox: Sandbox) -> None:
    body = {
        "attachment": "https://a.example/a.jpg",
        "geometries[box][objects_to_annotate][]": ["a", "b"],
        "geometries[box][min_height]": "5",
        "metadata": '{"a": [1]}',
        "instruction": "Caf\u00e9 & 5",
        "tags[]": "x",
        "callback_url": "http://127.0.0.1:9/scale",
        "unique_id": "007",
    }
    task = form(sandbox, "/task/imageannotation", body)
    assert task["params"]["geometries"]["box"]["objects_to_annotate"] == ["a", "b"]
    assert task["params"]["geometries"]["box"]["min_height"] == 5
    assert task["metadata"] == {"a": [1]}
    assert task["instruction"] == "Caf\u00e9 & 5"
    assert task["tags"] == ["x"]
    assert task["unique_id"] == "007"
    assert (
        form(sandbox, "/projects", {"name": "p", "type": "chat", "rapid": "false"})["name"] == "p"
    )
    # curl -d sends JSON with the content type of a form.
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(
        sandbox.url + "/projects",
        '{"name": "q", "type": "chat"}',
        auth=(sandbox.test_key, ""),
        headers=headers,
        timeout=5,
    )
    assert answer.json()["name"] == "q"


@pytest.mark.parametrize(
    "body",
    [
        "a[b]=1&a=2",
        "a=1&a[b]=2",
        "a[b]=1&a[]=2",
        "a[0]=1&a[5]=2",
        "a[=1",
        "]=1",
        "[]=1",
        "a[][b]=1",
        "%ff=1",
        "=1",
        "a" + "[b]" * 100 + "=1",
        "name=%ED%A0%80&type=chat",
        "name=p&type=chat&params=" + "[" * 3000,
    ],
)
def test_odd_form_is_no_internal_error(sandbox: Sandbox, body: str) -> None:
    answer = requests.post(
        sandbox.url + "/projects",
        body,
        auth=(sandbox.test_key, ""),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=5,
    )
    assert answer.status_code == 400


def test_basic_password_is_ignored(sandbox: Sandbox) -> None:
    for password in ("", "x", "a:b"):
        answer = requests.get(
            sandbox.url + "/projects", auth=(sandbox.test_key, password), timeout=5
        )
        assert answer.status_code == 200
    assert requests.get(sandbox.url + "/projects", auth=("x", "y"), timeout=5).status_code == 401
