"""Results behind links are downloaded on request, each once."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleClient
from scaleapi.exceptions import ScaleServiceUnavailable, ScaleUnauthorized
from scaleapi.export import compact, result_links, result_name
from scaleapi.sandbox import Sandbox
from tests.export.conftest import Connect, exported
from tests.export.task_list import DAY, TaskList, task
from tests.wire.server import Reply


def video(client: Any, number: int, path: str) -> dict[str, Any]:
    link = client.api.base_api_url.replace("/v1", path)
    return task(number, DAY, type="videoannotation", response={"annotations": {"url": link}})


def test_each_result_is_downloaded_once(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(files={f"/r/{number}.json": Reply([number]) for number in range(5)})
    client = connect(service)
    # A link is signed anew for each page.
    service.tasks = [video(client, n, f"/r/{n % 5}.json?signature={n}") for n in range(50)]
    client.export_tasks("parcels", tmp_path, download_results=True)
    assert Counter(service.downloads) == {f"/r/{number}.json": 1 for number in range(5)}
    for one in exported(tmp_path):
        (link,) = result_links(one)
        assert json.loads((tmp_path / result_name(link)).read_bytes()) == [
            one["metadata"]["number"] % 5
        ]
    # Another run finds them there.
    changed = {**service.tasks[0], "updated_at": "2999-01-01T00:00:00.000Z"}
    service.tasks[0] = changed
    client.export_tasks("parcels", tmp_path, download_results=True, since=tmp_path)
    assert len(service.downloads) == 5


def test_nothing_is_downloaded_unless_asked(connect: Connect, tmp_path: Path) -> None:
    service = TaskList()
    client = connect(service)
    service.tasks = [video(client, 1, "/r/1.json")]
    client.export_tasks("parcels", tmp_path)
    assert service.downloads == []


NOT_DOWNLOADED = "1 results could not be downloaded"


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418, 500, 503])
def test_a_result_that_fails_is_reported_and_tried_again_by_the_next_call(
    connect: Connect, tmp_path: Path, status: int
) -> None:
    service, host = TaskList(), TaskList()
    client, files = connect(service).with_options(max_retries=0), connect(host)
    host.files = {
        "/r/1.json": Reply({"error": "no"}, status),
        "/r/2.json": Reply([2]),
    }
    service.tasks = [video(files, n, f"/r/{n}.json?signature=SECRET") for n in (1, 2)]
    service.tasks.append(task(3, DAY))
    with pytest.warns(UserWarning, match=NOT_DOWNLOADED):
        export = client.export_tasks("parcels", tmp_path, download_results=True)
    (failed,) = export.failed_downloads
    assert failed.task_id == service.tasks[0]["task_id"]
    assert failed.link.endswith("/r/1.json")
    assert str(status) in failed.error
    assert export.tasks == 3
    assert b"SECRET" not in (tmp_path / "_manifest.json").read_bytes()

    asked = len(service.queries)
    assert client.export_tasks("parcels", tmp_path, download_results=True) == export
    # The task is read again, as a link is signed for a short time only.
    host.files["/r/1.json"] = Reply([1])
    again = client.export_tasks("parcels", tmp_path, download_results=True)
    assert (again.tasks, again.failed_downloads) == (3, [])
    assert json.loads((tmp_path / failed.name).read_bytes()) == [1]
    assert Counter(host.downloads) == {"/r/1.json": 3, "/r/2.json": 1}
    assert len(service.queries) == asked
    assert client.export_tasks("parcels", tmp_path, download_results=True) == again
    assert len(host.downloads) == 4


def test_a_host_that_cannot_be_reached_is_reported(connect: Connect, tmp_path: Path) -> None:
    link = "http://127.0.0.1:9/r.json"
    service = TaskList([task(1, DAY, type="videoannotation", response={"a": {"url": link}})])
    client = connect(service).with_options(max_retries=0)
    with pytest.warns(UserWarning, match=NOT_DOWNLOADED):
        export = client.export_tasks("parcels", tmp_path, download_results=True)
    assert [one.error for one in export.failed_downloads] == ["ScaleConnectionError"]


def test_a_run_with_since_tries_the_failures_of_earlier_ones(
    connect: Connect, tmp_path: Path
) -> None:
    service = TaskList()
    client = connect(service)
    service.tasks = [video(client, number, f"/r/{number}.json") for number in (1, 2)]
    with pytest.warns(UserWarning, match="2 results could not"):
        client.export_tasks("parcels", tmp_path, download_results=True)
    service.files["/r/1.json"] = Reply([1])
    del service.tasks[1]  # there is nothing that could be tried again
    export = client.export_tasks("parcels", tmp_path, download_results=True, since=tmp_path)
    assert [one.task_id for one in export.failed_downloads] == [f"{2:024x}"]
    assert [one.task_id for one in compact(tmp_path).failed_downloads] == [f"{2:024x}"]


def test_an_api_key_that_is_rejected_ends_the_run(connect: Connect, tmp_path: Path) -> None:
    service = TaskList(files={"/r/1.json": Reply({"error": "no"}, 401)})
    client = connect(service)
    service.tasks = [video(client, 1, "/r/1.json")]
    with pytest.raises(ScaleUnauthorized):
        client.export_tasks("parcels", tmp_path, download_results=True)
    service.files["/r/1.json"] = Reply([1])
    assert not client.export_tasks("parcels", tmp_path, download_results=True).failed_downloads


def test_an_outage_of_the_host_ends_the_run(connect: Connect, tmp_path: Path) -> None:
    """A million results would fail one by one, each after some retries."""
    service, host = TaskList(), TaskList()
    client, files = connect(service).with_options(max_retries=0), connect(host)
    host.files = {f"/r/{number}.json": Reply({"error": "down"}, 503) for number in range(90)}
    service.tasks = [video(files, number, f"/r/{number}.json") for number in range(90)]
    with pytest.raises(ScaleServiceUnavailable):
        client.export_tasks("parcels", tmp_path, download_results=True)
    assert len(host.downloads) < 30
    host.files = {path: Reply([1]) for path in host.files}
    export = client.export_tasks("parcels", tmp_path, download_results=True)
    assert (export.tasks, export.failed_downloads) == (90, [])


def test_an_outage_of_the_host_ends_the_retries_of_earlier_failures(
    connect: Connect, tmp_path: Path
) -> None:
    service, host = TaskList(), TaskList()
    client, files = connect(service).with_options(max_retries=0), connect(host)
    host.files = {f"/r/{number}.json": Reply({"error": "gone"}, 410) for number in range(90)}
    service.tasks = [video(files, number, f"/r/{number}.json") for number in range(90)]
    with pytest.warns(UserWarning, match="90 results could not be downloaded"):
        client.export_tasks("parcels", tmp_path, download_results=True)
    host.files = dict.fromkeys(host.files, Reply({"error": "down"}, 503))
    host.downloads.clear()
    with pytest.raises(ScaleServiceUnavailable):
        client.export_tasks("parcels", tmp_path, download_results=True)
    assert len(host.downloads) < 40  # the 20, and what the other workers had begun


def test_a_link_that_storage_rejects_after_a_redirect_is_no_invalid_key(
    connect: Connect, tmp_path: Path
) -> None:
    storage = TaskList(files={"/r/1.json": Reply({"error": "expired"}, 401)})
    files = connect(storage)
    location = files.api.base_api_url.replace("/v1", "/r/1.json")
    service = TaskList(files={"/r/1.json": Reply("", 302, {"Location": location})})
    client = connect(service)
    service.tasks = [video(client, 1, "/r/1.json"), task(2, DAY)]
    with pytest.warns(UserWarning, match=NOT_DOWNLOADED):
        export = client.export_tasks("parcels", tmp_path, download_results=True)
    assert (export.tasks, len(export.failed_downloads)) == (2, 1)


@pytest.mark.parametrize(
    "link", ["http://", "https://[", "http://user:pw@/x", "http://127.0.0.1\\x", "https://a b/"]
)
def test_what_is_no_link_is_reported(connect: Connect, tmp_path: Path, link: str) -> None:
    response = {"annotations": {"url": link}}
    service = TaskList([task(1, DAY, type="videoannotation", response=response)])
    with pytest.warns(UserWarning, match=NOT_DOWNLOADED):
        export = connect(service).export_tasks("parcels", tmp_path, download_results=True)
    (failed,) = export.failed_downloads
    assert "pw" not in failed.link


@pytest.mark.parametrize(
    ("kind", "response", "links"),
    [
        (
            "videoannotation",
            {"annotations": {"url": "https://a.example/1"}},
            ["https://a.example/1"],
        ),
        (
            "lidarsegmentation",
            {"annotations": {"url": "https://a/1"}, "point_segmentations": {"url": "https://a/2"}},
            ["https://a/1", "https://a/2"],
        ),
        (
            "segmentannotation",
            {
                "labelMapping": {"car": {"attributes": {"seen at": "https://labeler.example"}}},
                "annotations": {
                    "combined": {"image": "https://a/1", "indexedImage": "https://a/2"},
                    "labeled": {"car": ["https://a/3", "https://a/1"], "road": None},
                    "unlabeled": "https://a/4",
                },
            },
            ["https://a/1", "https://a/2", "https://a/3", "https://a/4"],
        ),
        # What a labeler typed is no result.
        ("textcollection", {"annotations": {"url": "https://labeler.example"}}, []),
        ("imageannotation", {"annotations": [{"attributes": {"url": "https://a.example"}}]}, []),
        ("videoannotation", {"annotations": {"url": "file:///etc/passwd"}}, []),
        ("videoannotation", {"annotations": {"url": ["https://a.example"]}}, ["https://a.example"]),
        ("videoannotation", None, []),
        ("videoannotation", [], []),
        (5, {"annotations": {"url": "https://a.example"}}, []),
    ],
)
def test_links_of_a_response(kind: Any, response: Any, links: list[str]) -> None:
    assert result_links({"type": kind, "response": response, "status": "completed"}) == links


@pytest.mark.parametrize(
    ("link", "suffix"),
    [
        ("https://a.example/r/1.json?signature=1#x", ".json"),
        ("https://a.example/r/1.PNG", ".png"),
        ("https://a.example/response_url/0b5c7f9e", ""),
        ("https://a.example/..", ""),
        ("https://a.example/a.b/../../etc/passwd", ""),
        ("https://a.example/x.\ud83d", ""),
    ],
)
def test_names_of_results_stay_in_the_folder(link: str, suffix: str) -> None:
    folder, name = result_name(link).split("/")
    assert folder == "results"
    assert name.isascii()
    assert name[32:] == suffix


def test_the_sandbox_draws_what_is_downloaded(tmp_path: Path) -> None:
    with Sandbox(transition="immediate") as sandbox:
        client = ScaleClient(sandbox.live_key, api_instance_url=sandbox.url)
        client.create_project("roads", "segmentannotation")
        client.create_task(
            "segmentannotation",
            project="roads",
            attachment="https://img.example.net/1.png",
            labels=["road", {"choice": "car", "instance_label": True}],
        )
        export = client.export_tasks("roads", tmp_path, download_results=True)
    (one,) = exported(tmp_path)
    assert export.failed_downloads == []
    names = [tmp_path / result_name(link) for link in result_links(one)]
    assert len(names) >= 5
    assert all(name.read_bytes().startswith(b"\x89PNG") for name in names)


def test_an_api_key_that_is_rejected_ends_an_export_of_annotations(
    connect: Connect, tmp_path: Path
) -> None:
    service = TaskList(files={"/r/1.png": Reply({"error": "no"}, 401)})
    client = connect(service)
    link = client.api.base_api_url.replace("/v1", "/r/1.png")
    service.tasks = [task(1, DAY, params={"attachment": link}, response={"annotations": []})]
    with pytest.raises(ScaleUnauthorized):
        client.export_annotations("parcels", tmp_path / "out")
    assert not (tmp_path / "out").exists()
