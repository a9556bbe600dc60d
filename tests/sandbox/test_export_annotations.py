"""client.export_annotations against the sandbox: links, downloads, projects, results in files."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scaleapi import ScaleClient, Task
from scaleapi.exceptions import ScaleArgumentError, ScaleResourceNotFound
from scaleapi.export.formats import read_annotations, write_annotations
from scaleapi.sandbox import Sandbox

IMAGES = Path(__file__).parents[2] / "examples" / "data"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[ScaleClient]:
    with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as found:
        yield found


def uploaded(client: ScaleClient, name: str = "belt_north.jpg") -> str:
    return client.upload_file(IMAGES / name, project_name="parcels").attachment_url


def make(client: ScaleClient, project: str, task_type: str, **params: Any) -> None:
    client.create_task(task_type, project=project, **params)


def completed(client: ScaleClient, sandbox: Sandbox, project: str) -> list[Task]:
    sandbox.clock.advance(2)
    deadline = time.monotonic() + 10
    while client.get_tasks_count(project, status="pending"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [*client.get_tasks(project)]


BOX = {"box": {"objects_to_annotate": ["parcel"]}}


def parcels(client: ScaleClient, sandbox: Sandbox) -> None:
    params = {"geometries": {"box": {"objects_to_annotate": ["truck", "parcel"]}}}
    client.create_project("parcels", "imageannotation", params=params)
    for name in ("belt_north.jpg", "belt_east.png"):
        make(
            client, "parcels", "imageannotation", attachment=uploaded(client, name),
            geometries=BOX, unique_id=name,
        )  # fmt: skip
    completed(client, sandbox, "parcels")


def coco(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "annotations.json").read_bytes())
    return found


def test_a_project_in_one_call(tmp_path: Path, client: ScaleClient, sandbox: Sandbox) -> None:
    parcels(client, sandbox)
    report = client.export_annotations("parcels", tmp_path / "coco", images=True)
    assert report.written == {"box": 2}
    data = coco(tmp_path / "coco")
    assert [one["name"] for one in data["categories"]] == ["truck", "parcel"]
    for image in data["images"]:
        with Image.open(tmp_path / "coco" / "images" / image["file_name"]) as copy:
            assert copy.size == (image["width"], image["height"])
    assert {one["file_name"] for one in data["images"]} == {"belt_north.jpg", "belt_east.png"}
    report = client.export_annotations("parcels", tmp_path / "yolo", "yolo")
    assert report.tasks == 2


def test_predictions_become_the_hypothesis_of_new_tasks(
    tmp_path: Path, client: ScaleClient, sandbox: Sandbox
) -> None:
    parcels(client, sandbox)
    client.export_annotations("parcels", tmp_path / "coco")
    found = read_annotations(tmp_path / "coco")
    one = client.create_task(
        "imageannotation", project="parcels", attachment=uploaded(client), geometries=BOX,
        hypothesis=found["belt_north.jpg"], base_annotations=found["belt_north.jpg"],
    )  # fmt: skip
    assert one.params["hypothesis"] == found["belt_north.jpg"]
    assert one.params["hypothesis"]["annotations"][0]["label"] == "parcel"


def test_results_in_files(tmp_path: Path, client: ScaleClient, sandbox: Sandbox) -> None:
    client.create_project("parcels", "segmentannotation")
    client.create_project("clips", "videoannotation")
    labels = ["belt", {"choice": "parcel", "instance_label": True}]
    make(client, "parcels", "segmentannotation", attachment=uploaded(client), labels=labels)
    make(client, "clips", "videoannotation", attachments=[uploaded(client)] * 3, geometries=BOX)
    completed(client, sandbox, "parcels")
    completed(client, sandbox, "clips")
    report = client.export_annotations("parcels", tmp_path / "masks")
    assert report.written == {"mask": 3}
    data = coco(tmp_path / "masks")
    (image,) = data["images"]
    assert sum(one["area"] for one in data["annotations"]) == image["width"] * image["height"]
    report = client.export_annotations("clips", tmp_path / "clips", "cvat")
    assert report.written == {"box": 3}
    assert len([*(tmp_path / "clips" / "videos").iterdir()]) == 1


def test_links_that_are_no_longer_good_are_renewed(
    tmp_path: Path, client: ScaleClient, sandbox: Sandbox
) -> None:
    parcels(client, sandbox)
    tasks = [*client.get_tasks("parcels")]
    for one in tasks:
        link = one.attachmentS3Downloads[0]  # type: ignore[attr-defined]  # a key of the JSON
        link["s3URL"] = link["s3URL"].replace("signature=", "signature=0")
    assert write_annotations(tasks, tmp_path / "out").images == 2


def test_tasks_without_links_need_their_client_only(
    tmp_path: Path, client: ScaleClient, sandbox: Sandbox
) -> None:
    parcels(client, sandbox)
    tasks = client.get_tasks("parcels", include_attachment_url=False)
    assert write_annotations(tasks, tmp_path / "out").images == 2


def test_a_batch_without_its_project(tmp_path: Path, client: ScaleClient, sandbox: Sandbox) -> None:
    client.create_project("parcels", "imageannotation")
    client.create_batch("parcels", "week_11")
    make(
        client, "parcels", "imageannotation", batch="week_11", attachment=uploaded(client),
        geometries=BOX,
    )  # fmt: skip
    client.finalize_batch("week_11")
    completed(client, sandbox, "parcels")
    report = client.export_annotations(None, tmp_path / "out", batch_name="week_11")
    assert report.written == {"box": 1}


def test_bad_calls_leave_no_folder(tmp_path: Path, client: ScaleClient, sandbox: Sandbox) -> None:
    with pytest.raises(ScaleResourceNotFound):
        client.export_annotations("nowhere", tmp_path / "out")
    with pytest.raises(ScaleArgumentError, match="project"):
        client.export_annotations(None, tmp_path / "out")
    with pytest.raises(ScaleArgumentError, match="format"):  # before anything is sent
        client.export_annotations("nowhere", tmp_path / "out", "coc")
    with pytest.raises(ScaleArgumentError, match="path"):
        client.export_annotations("nowhere", 7)  # type: ignore[arg-type]
    with pytest.raises((ScaleArgumentError, TypeError), match="colour"):
        client.export_annotations("nowhere", tmp_path / "out", colour="red", categories=["a"])
    assert [*tmp_path.iterdir()] == []


def test_named_entities(tmp_path: Path, client: ScaleClient, sandbox: Sandbox) -> None:
    client.create_project("texts", "namedentityrecognition")
    make(
        client, "texts", "namedentityrecognition", text="Ann lives in Paris", labels=[{"name": "x"}]
    )
    completed(client, sandbox, "texts")
    report = client.export_annotations("texts", tmp_path / "out", "ner")
    assert report.written["span"] == 1
