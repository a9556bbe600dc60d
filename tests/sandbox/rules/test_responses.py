"""Canned responses."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from scaleapi.sandbox import Sandbox
from tests.sandbox.rules.caller import Caller
from tests.sandbox.rules.test_files import PNG, upload

ALL = {
    "box": {"objects_to_annotate": ["a"]},
    "polygon": {"objects_to_annotate": ["b"], "min_vertices": 6},
    "line": {"objects_to_annotate": ["c"], "max_vertices": 2},
    "point": {"objects_to_annotate": ["d"]},
    "cuboid": {"objects_to_annotate": ["e"]},
    "ellipse": {"objects_to_annotate": [{"choice": "f", "subchoices": ["g"]}]},
}


def drawn(task: Any) -> dict[str, Any]:
    return {annotation["type"]: annotation for annotation in task["response"]["annotations"]}


def points(value: Any) -> list[tuple[float, float]]:
    """Return every point anywhere in an annotation."""
    if isinstance(value, list):
        return [point for entry in value for point in points(entry)]
    if not isinstance(value, dict):
        return []
    found = [point for entry in value.values() for point in points(entry)]
    if "left" in value:
        found.append((value["left"], value["top"]))
        found.append((value["left"] + value["width"], value["top"] + value["height"]))
    if "x" in value:
        found.append((value["x"], value["y"]))
    return found


def test_every_requested_geometry(test: Caller) -> None:
    """One annotation of each geometry, with the fields of its shape and a label of its own."""
    task = test.task(geometries=ALL)
    response = task["response"]
    assert (response["links"], response["global_attributes"]) == ([], {})
    assert response["is_customer_fix"] is False
    found = drawn(task)
    assert {kind: found[kind]["label"] for kind in found} == {
        "box": "a",
        "polygon": "b",
        "line": "c",
        "point": "d",
        "cuboid": "e",
        "ellipse": "g",
    }
    assert {"left", "top", "width", "height"} < set(found["box"])
    assert len(found["polygon"]["vertices"]) == 6
    assert len(found["line"]["vertices"]) == 2
    assert {"x", "y"} < set(found["point"])
    assert len(found["ellipse"]["vertices"]) == 4
    cuboid = found["cuboid"]
    assert [vertex["description"] for vertex in cuboid["vertices"]] == [
        "face-topleft",
        "face-bottomleft",
        "face-topright",
        "face-bottomright",
        "side-topcorner",
        "side-bottomcorner",
    ]
    assert {edge["description"] for edge in cuboid["edges"]} == {
        "face-top",
        "face-right",
        "face-bottom",
        "face-left",
        "side-bottom",
        "side-top",
    }
    assert len({annotation["uuid"] for annotation in found.values()}) == 6


def test_shapes_are_inside_the_image(test: Caller) -> None:
    """Where the image was uploaded, every point is inside it; else inside 100 by 100."""
    url = upload(test, "a.png", PNG)["attachment_url"]
    for _ in range(10):
        for attachment, width, height in ((url, 640, 480), ("https://a.example/a", 100, 100)):
            for x, y in points(test.task(geometries=ALL, attachment=attachment)["response"]):
                assert 0 <= x <= width
                assert 0 <= y <= height
    box = drawn(test.task(attachment=url))["box"]
    assert box["width"] >= 160


def test_box_has_the_minimum_size(test: Caller) -> None:
    """The least width and height are kept, as far as the image allows; boxes may be turned."""
    wish = {"objects_to_annotate": ["a"], "min_width": 90, "min_height": 5000, "can_rotate": True}
    box = drawn(test.task(geometries={"box": wish}))["box"]
    assert box["width"] >= 90
    assert box["height"] == 100
    assert len(box["vertices"]) == 4
    assert box["rotation"]


def test_attributes_are_filled_in(test: Caller) -> None:
    """Each attribute has a value of its type, in every annotation."""
    attributes = {
        "one": {"choices": ["x", "y"]},
        "many": {"type": "category", "choices": ["x"], "allow_multiple": True},
        "count": {"type": "number", "min": "3"},
        "angle": {"type": "angle"},
        "note": {"type": "text"},
        "to": {"type": "linked"},
    }
    found = drawn(test.task(geometries=ALL, annotation_attributes=attributes))
    box = found["box"]["attributes"]
    assert box["one"] in ("x", "y")
    assert (box["many"], box["count"], box["angle"]) == (["x"], 3, 0)
    assert box["note"] == "test response"
    assert box["to"] in {one["uuid"] for kind, one in found.items() if kind != "box"}


def test_categorization(test: Caller) -> None:
    """One of the categories, with its id; in arrays where several are allowed."""
    body = {
        "attachment": "https://a.example/a.png",
        "attachment_type": "image",
        "categories": ["cat"],
    }
    assert test.post("/task/categorization", body)["response"] == {
        "category": "cat",
        "category_id": None,
    }
    body |= {"category_ids": {"7": "cat"}, "allow_multiple": True}
    assert test.post("/task/categorization", body)["response"] == {
        "category": ["cat"],
        "category_id": ["7"],
    }


def test_text_collection(test: Caller) -> None:
    """Every field has a value of its type."""
    choices = [{"label": "X", "value": "x"}, {"label": "Y", "value": "y"}]
    fields: list[Any] = [
        {"type": "text", "field_id": "text"},
        {"type": "number", "field_id": "number", "min": 4},
        {"type": "boolean", "field_id": "boolean"},
        {"type": "datetime", "field_id": "datetime"},
        {"type": "category", "field_id": "category", "choices": choices, "min_choices": "2"},
        {"type": "ranking", "field_id": "ranking", "options": ["p", "q"]},
        {
            "type": "text",
            "field_id": "list",
            "max_responses_required": 3,
            "min_responses_required": 2,
        },
    ]
    fields.append({"type": "field_set", "field_id": "set", "fields": fields[:2]})
    body = {"attachments": [{"type": "text", "content": "a"}], "fields": fields}
    answer = test.post("/task/textcollection", body)["response"]["annotations"]
    assert answer == {
        "text": "test response",
        "number": 4,
        "boolean": True,
        "datetime": answer["datetime"],
        "category": ["x", "y"],
        "ranking": ["p", "q"],
        "list": ["test response"] * 2,
        "set": {"text": "test response", "number": 4},
    }


def test_other_simple_types(test: Caller) -> None:
    """Comparison, transcription, data collection and entities answer as they used to."""
    attachment = {"attachment": "https://a.example/a.png", "attachment_type": "image"}
    body: Any = {
        "attachments": ["https://a.example/a"],
        "attachment_type": "image",
        "choices": ["x", "y"],
        "fields": {"why": "Why?"},
    }
    assert test.post("/task/comparison", body)["response"] == {
        "choice": "x",
        "fields": {"why": "test response"},
    }
    body = attachment | {"repeatable_fields": {"line": "A line"}}
    assert test.post("/task/transcription", body)["response"] == {
        "fields": {},
        "repeatable_fields": [{"line": "test response"}],
    }
    body = {"fields": {"name": "The name"}}
    assert test.post("/task/datacollection", body)["response"] == {
        "fields": {"name": "test response"},
        "time_spent_in_seconds": 15,
    }
    body = {"labels": [{"name": "who"}], "text": " Ada wrote it."}
    (entity,) = test.post("/task/namedentityrecognition", body)["response"]["annotations"]
    assert (entity["start"], entity["end"], entity["text"]) == (1, 4, "Ada")
    assert entity["label"] == "who"


def test_result_files_require_the_live_key(sandbox: Sandbox, test: Caller, live: Caller) -> None:
    """A result that is a file is linked, and given to the live key only."""
    body = {"attachments": ["https://a.example/1", "https://a.example/2"], "geometries": ALL}
    task = test.post("/task/videoannotation", body)
    link = task["response"]["annotations"]["url"]
    path = link.removeprefix(test.url)
    assert path.startswith(f"/task/{task['task_id']}/response_url/")
    frames = live.get(path)
    assert len(frames) == 2
    assert [one["uuid"] for one in frames[0]["annotations"]] == [
        one["uuid"] for one in frames[1]["annotations"]
    ]
    test.error("GET", path, 401)
    assert requests.get(link, timeout=5).status_code == 401
    live.error("GET", path[:-1], 404)
    live.error("GET", path.replace(task["task_id"], "0" * 24), 404)
    assert json.loads(requests.get(link, auth=(sandbox.live_key, ""), timeout=5).text) == frames


@pytest.mark.parametrize("way", ["create", "later"])
def test_response_is_stable(sandbox: Sandbox, live: Caller, way: str) -> None:
    """What a task answers does not change from one look to the next."""
    task_id = live.task(geometries=ALL)["task_id"]
    sandbox.clock.advance(1)
    assert live.read(task_id) == live.get("/tasks")["docs"][0]


LEGACY = {"objects_to_annotate": ["car"], "attachment": "https://a.example/a.png"}


def test_oldest_types_have_fixed_shapes(test: Caller) -> None:
    """Boxes, polygons, lines and cuboids are where they always were; points have no response."""

    def annotation(kind: str) -> Any:
        (found,) = test.post(f"/task/{kind}", LEGACY)["response"]["annotations"]
        assert found.pop("label") == "car"
        assert len(found.pop("uuid")) == 36
        return found

    assert annotation("annotation") == {"left": 0, "top": 0, "width": 100, "height": 100}
    triangle = {"vertices": [{"x": 10, "y": 10}, {"x": 110, "y": 110}, {"x": 10, "y": 110}]}
    assert annotation("polygonannotation") == annotation("lineannotation") == triangle
    corners = {
        vertex["description"]: (vertex["x"], vertex["y"])
        for vertex in annotation("cuboidannotation")["vertices"]
    }
    assert corners["face-topleft"] == (100, 70)
    assert corners["face-bottomright"] == (320, 296)
    assert (corners["side-topcorner"], corners["side-bottomcorner"]) == ((441, 82), (441, 198))
    assert "response" not in test.post("/task/pointannotation", LEGACY)


@pytest.mark.parametrize(
    "kind", ["annotation", "polygonannotation", "lineannotation", "cuboidannotation"]
)
def test_oldest_types_fit_small_images(test: Caller, kind: str) -> None:
    """Where the image was uploaded and is small, shapes are moved into it."""
    small = PNG[:16] + (90).to_bytes(4, "big") + (60).to_bytes(4, "big") + PNG[24:]
    url = upload(test, "a.png", small)["attachment_url"]
    response = test.post(f"/task/{kind}", LEGACY | {"attachment": url})["response"]
    assert points(response)
    assert all(0 <= x <= 90 and 0 <= y <= 60 for x, y in points(response))


@pytest.mark.parametrize("kind", ["documenttranscription", "documentmodel"])
def test_documents(test: Caller, kind: str) -> None:
    """Every feature is found on the first page, whose size the task tells."""
    url = upload(test, "a.png", PNG)["attachment_url"]
    features = [{"type": "block", "label": "total"}, {"type": "block", "label": "date"}]
    body = {"attachments": [url, "https://a.example/2.pdf"], "features": features}
    task = test.post(f"/task/{kind}", body)
    assert task["document_pages"] == [{"width": 640, "height": 480}, {"width": 100, "height": 100}]
    annotations = task["response"]["annotations"]
    assert [(one["label"], one["page"], one["refs"]) for one in annotations] == [
        ("total", 0, []),
        ("date", 0, []),
    ]
    assert all(one["location"]["type"] == "box" and one["text"] for one in annotations)
    assert all(0 <= x <= 640 and 0 <= y <= 480 for x, y in points(annotations))


def test_audio_and_chat(test: Caller) -> None:
    """An audio file has words with times; every kind of chat says something."""
    body = {"attachment": "https://a.example/a.mp3"}
    response = test.post("/task/audiotranscription", body)["response"]
    assert response["transcript"] == " ".join(one["word"] for one in response["alignment"])
    assert response["duration"] == response["alignment"][-1]["end"]
    for kind in ("chat", "chatlite", "chatexperimental", "multichat", "multistage"):
        (said,) = test.post(f"/task/{kind}", {})["response"]["responses"]
        assert set(said) == {"type", "output"}


@pytest.mark.parametrize("kind", ["laneannotation", "lidartopdown", "sensorfusion"])
def test_types_without_a_published_response(test: Caller, kind: str) -> None:
    """They are completed with no annotations."""
    assert test.post(f"/task/{kind}", {})["response"] == {"annotations": []}
