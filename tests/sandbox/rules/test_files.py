"""Files."""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Sandbox
from scaleapi.sandbox.links.fetching import Fetched
from scaleapi.sandbox.media.images import measure
from tests.sandbox.rules.caller import Caller
from tests.wire.server import Reply, Request, Server, before, endlessly

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\x02\0\0\0"
GIF = b"GIF89a" + struct.pack("<HH", 31, 17) + b"\0\0\0"
JPEG = (
    b"\xff\xd8\xff\xe0"
    + struct.pack(">H", 16)
    + b"JFIF\0"
    + b"\0" * 9
    + b"\xff\xff\xc0"
    + struct.pack(">HBHH", 17, 8, 48, 64)
    + b"\3"
    + b"\0" * 9
)


def upload(caller: Caller, name: str, content: bytes, status: int = 200, **fields: Any) -> Any:
    return caller.post("/files/upload", status=status, files={"file": (name, content)}, data=fields)


def test_upload(caller: Caller) -> None:
    """An uploaded file has an id, a link for tasks with another one, a type and a size."""
    caller.project(rapid=True)
    file = upload(
        caller,
        "a.png",
        PNG,
        display_name="A",
        project_name="parcels",
        reference_id="r",
        metadata='{"k": 1}',
    )
    uuid = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(uuid, file["id"])
    assert re.fullmatch(f"scaledata://[0-9a-f]{{24}}/{uuid}", file["attachment_url"])
    assert file["id"] not in file["attachment_url"]
    assert (file["mime_type"], file["size"]) == ("image/png", len(PNG))
    assert (file["project_names"], file["display_name"]) == (["parcels"], "A")
    assert (file["reference_id"], file["metadata"]) == ("r", {"k": 1})
    assert file["created_at"] == file["updated_at"]
    bare = upload(caller, "a.txt", b"a")
    assert not {"display_name", "reference_id", "metadata"} & set(bare)
    assert bare["project_names"] == []


@pytest.mark.parametrize(
    ("name", "content", "declared", "mime_type"),
    [
        ("a", PNG, None, "image/png"),
        ("a", GIF, "application/octet-stream", "image/gif"),
        ("a.bin", JPEG, None, "image/jpeg"),
        ("a.txt", b"text", None, "text/plain"),
        ("a.mp4", b"", None, "video/mp4"),
        ("a.png", b"", "text/csv", "text/csv"),
        ("a", b"?", None, "application/octet-stream"),
    ],
)
def test_mime_type(
    caller: Caller, name: str, content: bytes, declared: str | None, mime_type: str
) -> None:
    """The declared type counts; else the first bytes tell, else the name."""
    part = (name, content, declared) if declared else (name, content)
    assert caller.post("/files/upload", files={"file": part})["mime_type"] == mime_type


MALFORMED = [
    "text/\u00fc",
    "\u0442\u0435\u043a\u0441\u0442/plain",
    "text/\U0001f642",
    "text",
    "a b/c",
    "/",
    "text/a\0",
]


@pytest.mark.parametrize("declared", MALFORMED)
def test_malformed_mime_type_is_not_used(manual: Sandbox, caller: Caller, declared: str) -> None:
    """The type is guessed, and the content can be downloaded."""
    form = (
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        f"Content-Type: {declared}\r\n\r\ntext\r\n--x--\r\n"
    ).encode()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    file = caller.post("/files/upload", data=form, headers=headers)
    assert file["mime_type"] == "text/plain"
    assert downloaded(caller, file).headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize(
    "stored",
    [*MALFORMED, "text/plain\nX-Injected: 1", "text/plain\r\n\r\n<p>", "text/plain; a=\u0442"],
)
def test_malformed_stored_mime_type_is_sent_as_unknown(
    manual: Sandbox, caller: Caller, stored: str
) -> None:
    """A database may hold types that were never checked; the connection goes on all the same."""
    file = upload(caller, "a.txt", b"text")
    with manual._running.store.transaction() as db:
        db.execute("UPDATE contents SET mime_type = ?", (stored,))
    response = downloaded(caller, file)
    assert response.content == b"text"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert "X-Injected" not in response.headers
    assert caller.get("/projects") == []


@pytest.mark.parametrize("declared", [*MALFORMED, "text/plain\nX-Injected: 1"])
def test_malformed_mime_type_in_a_seed(manual: Sandbox, caller: Caller, declared: str) -> None:
    """A seeded file and a seeded attachment of a dataset can be downloaded as well."""
    content = base64.b64encode(b"text").decode()
    file = {"name": "a.txt", "content": content, "mime_type": declared}
    manual.seed({"live": {"files": [file]}})
    with manual._running.store.transaction() as db:
        (url,) = db.execute("SELECT body ->> 'attachment_url' FROM documents").fetchone()
    response = downloaded(caller, {"attachment_url": url})
    assert (response.content, response.headers["Content-Type"]) == (b"text", "text/plain")


def downloaded(caller: Caller, file: dict[str, Any]) -> requests.Response:
    """Download a file through a task that has it as an attachment."""
    task = caller.task(attachment=file["attachment_url"])
    shown = caller.get(f"/task/{task['task_id']}", include_attachment_url=True)
    return requests.get(shown["attachmentS3Downloads"][0]["s3URL"], timeout=5)


def test_duplicate_reference_id_conflicts(caller: Caller) -> None:
    """A second file with the same reference_id is rejected with 409."""
    file = upload(caller, "a.txt", b"a", reference_id="r")
    assert file["id"] in upload(caller, "b.txt", b"b", 409, reference_id="r")["error"]
    body = {"file_url": "https://img.example.net/a.png", "reference_id": "r"}
    caller.error("POST", "/files/import", 409, json=body)


def test_rejects_invalid_upload(caller: Caller) -> None:
    """A file with a name is needed, JSON as metadata, and a project that exists."""
    caller.error("POST", "/files/upload", 400)
    caller.error("POST", "/files/upload", 400, files={"other": ("a.txt", b"a")})
    caller.error("POST", "/files/upload", 400, json={"file": "a"})
    for fields in ({"metadata": "{"}, {"metadata": "[]"}, {"project_name": "none"}):
        upload(caller, "a.txt", b"a", 400, **fields)
    caller.project()
    assert caller.get("/files", project="parcels")["total"] == 0
    upload(caller, "a.txt", b"a", reference_id="free")


def test_share_with_another_project(caller: Caller) -> None:
    """The same id with another project shares the file; nothing is uploaded again."""
    for name in ("one", "two"):
        caller.project(name)
    file = upload(caller, "a.txt", b"a", project_name="one")
    fields = {"id": (None, file["id"]), "project_name": (None, "two")}
    shared = caller.post("/files/upload", files=fields)
    assert shared["id"] == file["id"]
    assert shared["project_names"] == ["one", "two"]
    assert caller.post("/files/upload", files=fields)["project_names"] == ["one", "two"]
    assert caller.get("/files", project="two")["docs"] == [shared]
    caller.error("POST", "/files/upload", 400, files={"id": (None, file["id"])})
    caller.error("POST", "/files/upload", 404, files=fields | {"id": (None, "none")})


def test_rejects_large_file(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over the limit is rejected with 400, as is a body that could hold no file."""
    monkeypatch.setattr("scaleapi.sandbox.v1.files.FILE_LIMIT", 1000)
    upload(caller, "a.txt", b"x" * 1000)
    assert "larger" in upload(caller, "a.txt", b"x" * 1001, 400)["error"]
    response = caller.session.post(
        caller.url + "/files/upload", data=b"x" * 97 * 1024 * 1024, headers={"Content-Type": "a/b"}
    )
    assert response.status_code == 400


def pictures(request: Request) -> Reply:
    """Return a picture without saying of what type, but for some paths."""
    if request.path == "/gone":
        return Reply(b"", 404)
    if request.path == "/elsewhere":
        return Reply(b"", 302, {"Location": "/a.png"})
    media_type = "image/webp; charset=x" if request.path == "/typed" else None
    return Reply(PNG, headers={"Content-Type": media_type})


@pytest.fixture
def host() -> Iterator[Server]:
    """A server on this machine that has pictures."""
    with Server(pictures) as server:
        yield server


def test_import_from_this_machine(caller: Caller, host: Server) -> None:
    """A file on this machine is fetched, with the type it has there."""
    file = caller.post("/files/import", {"file_url": f"{host.origin}/a.jpg", "metadata": {"k": 1}})
    assert (file["size"], file["mime_type"], file["metadata"]) == (len(PNG), "image/png", {"k": 1})
    file = caller.post(
        "/files/import", {"file_url": f"{host.origin}/typed", "metadata": '{"k": 1}'}
    )
    assert (file["mime_type"], file["metadata"]) == ("image/webp", {"k": 1})


def test_failed_import(caller: Caller, host: Server) -> None:
    """The response is 400 if a file cannot be fetched; a redirect is not followed."""
    for url in (f"{host.origin}/gone", f"{host.origin}/elsewhere", "http://127.0.0.1:1/a"):
        assert url in caller.error("POST", "/files/import", 400, json={"file_url": url})
    for wrong in (None, "", "a.png", "ftp://a/b", "http://", "http://[", 1):
        caller.error("POST", "/files/import", 400, json={"file_url": wrong})


def test_import_timeout(caller: Caller, host: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly a file arrives, the wait for it ends."""
    monkeypatch.setattr("scaleapi.sandbox.links.fetching._SECONDS", 0.02)
    host.default = before(endlessly(Reply(b"a" * 1_000_000).head, PNG))
    url = f"{host.origin}/slow"
    assert "cannot be fetched" in caller.error("POST", "/files/import", 400, json={"file_url": url})


def test_rejects_large_import(
    caller: Caller, host: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of a file holds for imports too."""
    monkeypatch.setattr("scaleapi.sandbox.v1.files.FILE_LIMIT", len(PNG) - 1)
    assert "larger" in caller.error("POST", "/files/import", 400, json={"file_url": host.origin})


def test_remote_import_is_recorded_only(caller: Caller) -> None:
    """Nothing is fetched from another host: the file is noted, with the type of its name."""
    url = "https://img.example.net/pictures/a.jpg?size=2"
    file = caller.post("/files/import", {"file_url": url})
    assert (file["mime_type"], file["size"]) == ("image/jpeg", 0)


def test_deliver_anywhere_allows_remote_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    """With deliver_anywhere an import from another host is fetched."""
    monkeypatch.setattr("scaleapi.sandbox.v1.files.fetch", lambda url, limit: Fetched(PNG, None))
    for anywhere, size in ((False, 0), (True, len(PNG))):
        with Sandbox(deliver_anywhere=anywhere) as sandbox:
            caller = Caller(sandbox, sandbox.test_key)
            body = {"file_url": "https://img.example.net/a.png"}
            assert caller.post("/files/import", body)["size"] == size


def test_files_of_a_project(manual: Sandbox, caller: Caller) -> None:
    """Files are listed by project, newest first, page by page, with either cursor."""
    for name in ("one", "two"):
        caller.project(name)
    made = []
    for number in range(3):
        manual.clock.advance(1)
        made.append(
            upload(caller, "a.txt", b"a", project_name="one", metadata=f'{{"n": {number}}}')
        )
    upload(caller, "b.txt", b"b", project_name="two")
    page = caller.get("/files", project="one", limit=2)
    assert page["docs"] == [made[2], made[1]]
    assert (page["total"], page["has_more"]) == (3, True)
    for name in ("cursor", "next_token"):
        last = caller.get("/files", project="one", limit=2, **{name: page["next_token"]})
        assert (last["docs"], last["has_more"]) == ([made[0]], False)
        assert "next_token" not in last
    caller.error("GET", "/files", 400)
    caller.error("GET", "/files?project=none", 404)
    caller.error("GET", "/files?project=one&cursor=x", 400)


def test_files_by_metadata(caller: Caller) -> None:
    """The filter is a JSON object; every value in it must be that of the file."""
    caller.project()
    values = {"text": "a", "number": 1, "none": None, "yes": True}
    for name, value in values.items():
        metadata = json.dumps({name: value, "all": 1})
        upload(caller, "a.txt", b"a", project_name="parcels", metadata=metadata)

    def found(metadata: object) -> int:
        total: int = caller.get("/files", project="parcels", metadata=json.dumps(metadata))["total"]
        return total

    for name, value in values.items():
        assert found({name: value}) == 1
        assert found({name: value, "all": 1}) == 1
        assert found({name: value, "all": 2}) == 0
    assert found({}) == 4
    for wrong in ("a", "[]", '{"a": {}}'):
        caller.error("GET", f"/files?project=parcels&metadata={wrong}", 400)


def test_attachments_can_be_downloaded(manual: Sandbox, caller: Caller) -> None:
    """A task's link to an uploaded file gives its bytes without a key, for one hour."""
    file = upload(caller, "a.png", PNG)
    outside = "https://img.example.net/a.png"
    task = caller.task(attachment=file["attachment_url"], attachments=[outside])
    one = caller.get(f"/task/{task['task_id']}", include_attachment_url=True)
    (listed,) = caller.get("/tasks", include_attachment_url="True")["docs"]
    assert set(one) - set(task) == {"attachmentS3Downloads"}
    stored, other = listed["attachmentS3Downloads"]
    assert stored["attachmentURL"] == file["attachment_url"]
    assert stored["isConvertedImage"] is False
    assert other["s3URL"] == outside
    response = requests.get(stored["s3URL"], timeout=5)
    assert response.content == PNG
    assert response.headers["Content-Type"] == "image/png"
    assert requests.get(stored["s3URL"][:-1], timeout=5).status_code == 403
    manual.clock.advance(3601)
    assert requests.get(stored["s3URL"], timeout=5).status_code == 403


def test_recorded_file_has_no_content(caller: Caller) -> None:
    """The link of a file of another host leads to nothing here."""
    file = caller.post("/files/import", {"file_url": "https://img.example.net/a.jpg"})
    caller.task(attachment=file["attachment_url"])
    (task,) = caller.get("/tasks", include_attachment_url=True)["docs"]
    link = task["attachmentS3Downloads"][0]["s3URL"]
    assert requests.get(link, timeout=5).status_code == 404


def test_modes_share_no_files(test: Caller, live: Caller) -> None:
    """A task of one mode gets no link to a file of the other."""
    file = upload(live, "a.png", PNG)
    test.task(attachment=file["attachment_url"])
    (task,) = test.get("/tasks", include_attachment_url=True)["docs"]
    assert task["attachmentS3Downloads"][0]["s3URL"] == file["attachment_url"]


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (PNG, (640, 480)),
        (GIF, (31, 17)),
        (JPEG, (64, 48)),
        (PNG[:20], None),
        (GIF[:8], None),
        (JPEG[:24], None),
        (b"\xff\xd8\xff\xd9" + b"\0" * 20, None),
        (b"\xff\xd8\xff\xe0\0\0" * 2, None),
        (PNG.replace(struct.pack(">I", 640), b"\0" * 4), None),
        (b"text", None),
        (b"", None),
    ],
)
def test_image_sizes(content: bytes, size: tuple[int, int] | None) -> None:
    """The size comes from the header of the file; what has none is no image."""
    assert measure(content) == size
