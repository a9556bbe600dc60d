"""Pictures and cards of hostile, huge and odd tasks: no exception, and bounded time and size."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scaleapi import Task
from scaleapi.drawing import annotations_svg, save, task_svg
from tests.unit.drawing.reader import ELEMENTS, SVG, read
from tests.unit.drawing.test_tasks import CUBOID, DOCUMENT, LIDAR, MASKS, TEXT, URL, VIDEO, box
from tests.unit.notebook.samples import make

pytestmark = pytest.mark.slow

SECONDS = 4.0
LARGEST = 4_500_000  # characters; 10,000 annotations need hundreds each
MANY = 10_000
EVIL = "</text><script>alert(1)</script>\"'&\0\ud800"
NAN, INFINITE = float("nan"), float("inf")
LINK = {"annotations": {"url": "https://example.com/result"}}
IMAGE = {
    "type": "imageannotation",
    "params": {"attachment": URL.format("a"), "attachment_type": "image"},
}


class Case(NamedTuple):
    """A task with its response, and what the link in the response leads to."""

    task: dict[str, Any]
    response: Any
    result: Any = None


def small(number: int, label: Any = "car", **fields: Any) -> dict[str, Any]:
    place = {"left": number % 100 * 5, "top": number // 100 * 3, "width": 4, "height": 2}
    return {"uuid": f"u{number}", "type": "box", "label": label, **place, **fields}


def cuboid(number: int, **fields: Any) -> dict[str, Any]:
    position = {"x": number % 100 * 5.0, "y": number // 100 * 5.0, "z": 0.0}
    return {**CUBOID, "uuid": f"u{number}", "position": position, **fields}


def video(*frames: Any, **params: Any) -> Case:
    task: dict[str, Any] = VIDEO
    return Case({**task, "params": {**task["params"], **params}}, LINK, [*frames])


def lidar(*frames: Any) -> Case:
    return Case(LIDAR, LINK, [*frames])


def masks(**response: Any) -> Case:
    return Case(MASKS, response)


def text(words: Any, *entities: Any) -> Case:
    return Case({**TEXT, "params": {"text": words, "labels": ["A"]}}, {"annotations": [*entities]})


def entity(start: Any, end: Any, label: Any = "A") -> dict[str, Any]:
    return {"start": start, "end": end, "label": label}


def document(*boxes: Any, **fields: Any) -> Case:
    return Case({**DOCUMENT, **fields}, {"annotations": [*boxes]})


def image(*annotations: Any) -> Case:
    return Case(IMAGE, {"annotations": [*annotations]})


def spiral(count: int, middle: float = 0) -> dict[str, Any]:
    points = [(n * math.cos(n) + middle, n * math.sin(n) + middle) for n in range(count)]
    return {"type": "polygon", "label": "x", "vertices": [{"x": x, "y": y} for x, y in points]}


def disc(number: int) -> dict[str, Any]:
    """A polygon like those of segmentation models: many corners, close together."""
    x, y = 200 * (number % 8), 200 * (number // 8)
    angles = [2 * math.pi * n / 2_000 for n in range(2_000)]
    points = [{"x": x + 90 * math.cos(one), "y": y + 90 * math.sin(one)} for one in angles]
    return {"type": "polygon", "label": f"disc {number}", "vertices": points}


#: Cases are made when they are needed: some have millions of characters.
CASES: dict[str, Callable[[], Case]] = {
    "a video without frames": lambda: video(attachments=[]),
    "a video whose frames are nothing": lambda: video(None, 1, "x", [], {"annotations": None}),
    "a video of many frames": lambda: video(*[{"annotations": [small(1)]}] * MANY),
    "a video of many tracks": lambda: video(
        *[{"annotations": [small(n, f"l{n}") for n in range(MANY)]}] * 2
    ),
    "a track that flickers": lambda: video(
        *[{"annotations": [box("a", "car", 1)] * (n % 2)} for n in range(50_000)]
    ),
    "a hostile video": lambda: video(
        {"annotations": [small(1, EVIL, left=NAN), small(2, EVIL * 5_000), small(3, {"a": EVIL})]},
        attachments=["javascript:alert(1)", EVIL, None, 5, {}, "https://e.com/" + "a" * 100_000],
    ),
    "lidar with numbers that are none": lambda: lidar(
        {
            "cuboids": [
                cuboid(1, yaw=NAN),
                cuboid(2, position={"x": NAN, "y": INFINITE, "z": 0}),
                cuboid(3, dimensions={"x": INFINITE, "y": -1, "z": 0}),
                cuboid(4, position={"x": 10**400, "y": 1, "z": 1}),
                cuboid(5, yaw="north", uuid=None, label=None),
                cuboid(6),
            ]
        },
        None,
        {"cuboids": 5},
    ),
    "lidar of many cuboids": lambda: lidar({"cuboids": [cuboid(n) for n in range(MANY)]}),
    "lidar of many frames": lambda: lidar(*[{"cuboids": [cuboid(n) for n in range(1_000)]}] * 100),
    "no mask": lambda: masks(labelMapping={"road": {"index": 1, "color": "#ff0000"}}),
    "a mask that is no link": lambda: masks(annotations={"combined": 5}, labelMapping=[1, 2]),
    "a mapping of many labels": lambda: masks(
        annotations={"combined": {"image": URL.format("mask")}},
        labelMapping={
            f"{n}{EVIL}": {"index": n, "color": "url(#x)", "numPixels": 10**500 if n % 2 else NAN}
            for n in range(MANY)
        },
    ),
    "entities outside of the text": lambda: text(
        "short",
        *(entity(-5, 3), entity(4, 400), entity(NAN, INFINITE), entity(3, 1), entity(0, 0)),
        *(entity("0", "2"), entity(True, 3), entity(10**400, 10**401), entity(1, 3, EVIL), None),
    ),
    "entities in each other": lambda: text(
        "word " * MANY, *(entity(0, 50_000 - n) for n in range(MANY))
    ),
    "entities that overlap": lambda: text(
        "x" * 500, *(entity(n, n + 50, EVIL) for n in range(400))
    ),
    "many entities": lambda: text(
        "word " * MANY, *(entity(5 * n, 5 * n + 4, f"l{n}") for n in range(MANY))
    ),
    "a text of a book": lambda: text("x" * 1_000_000, entity(0, 1_000_000)),
    "a text of lines": lambda: text("\n" * 100_000, entity(5, 9)),
    "a text in many scripts": lambda: text(
        "שלום עולם مرحبا 你好世界 👩‍👩‍👧‍👦 \u202e abc " + EVIL,
        entity(0, 4, "人名"),
        entity(5, 9, "شخص"),
    ),
    "an empty text": lambda: text(""),
    "boxes of a document without texts": lambda: document(
        {"page": 0, "label": "total", "location": small(1)},
        {"page": 0, "location": small(2), "text": None},
        {"location": {}},
        {"location": None},
        *(None, 5),
    ),
    "many boxes of a document": lambda: document(
        *(
            {"page": 0, "label": f"l{n}", "text": EVIL * 10, "location": small(n)}
            for n in range(MANY)
        )
    ),
    **{
        f"a page of {width} x {height}": lambda size=(width, height): document(  # type: ignore[misc]
            {"page": 0, "label": "t" * 10_000, "location": small(1)},
            document_pages=[{"width": size[0], "height": size[1]}],
        )
        for width, height in ((0, 0), (NAN, INFINITE), (True, 10**400), (1, 1e6), (-5, "x"))
    },
    "many boxes": lambda: image(*map(small, range(MANY))),
    "many labels": lambda: image(*(small(n, f"l{n}{EVIL}") for n in range(MANY))),
    "boxes of huge names and extents": lambda: image(
        *(small(1, f"{n}" + "漢字" * 5_000, width=1e6, height=1e6) for n in range(50))
    ),
    "boxes of no extent": lambda: image(*(small(n, width=0, height=0) for n in range(50))),
    "a polygon of many corners": lambda: image(spiral(100_000)),
    "polygons of many corners": lambda: image(*(spiral(2_000, 99 * n) for n in range(50))),
    "polygons of close corners": lambda: image(*map(disc, range(50))),
}


def svg_of(case: Case) -> str | None:
    found = task_svg(case.task, case.response, load=lambda url: case.result)
    shown = case.response if case.result is None else (case.result[0] if case.result else None)
    return annotations_svg(shown) if found is None else found


def card_of(case: Case) -> str:
    about = {"task_id": "t1", "status": "completed", "created_at": "2024-01-01T00:00:00Z"}
    html: str = make(Task, {**about, **case.task, "response": case.response})._repr_html_()
    return html


@pytest.mark.parametrize("name", CASES)
def test_pictures(name: str) -> None:
    case = CASES[name]()
    start = time.process_time()
    svg = svg_of(case)
    assert time.process_time() - start < SECONDS
    assert svg is not None
    assert len(svg) < LARGEST
    assert {element.tag.removeprefix(SVG) for element in read(svg).iter()} <= ELEMENTS
    assert "<script" not in svg


@pytest.mark.parametrize("name", CASES)
def test_cards(name: str) -> None:
    case = CASES[name]()
    start = time.process_time()
    html = card_of(case)
    assert time.process_time() - start < SECONDS
    assert len(html) < 250_000
    assert "<script" not in html


def test_a_card_of_a_huge_link() -> None:
    link = "data:image/png;base64," + "A" * 20_000_000
    case = masks(annotations={"combined": {"image": link}}, labelMapping={})
    start = time.process_time()
    html = card_of(case)
    assert time.process_time() - start < SECONDS
    assert len(html) < 250_000


@pytest.mark.parametrize("name", [name for name, make in CASES.items() if make().task is IMAGE])
@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_saved_pictures(name: str, suffix: str, tmp_path: Path) -> None:
    case = CASES[name]()
    start = time.process_time()
    save(tmp_path / f"a.{suffix}", case.response, size=(640, 480))
    assert time.process_time() - start < 2 * SECONDS  # pixels take longer
    assert (tmp_path / f"a.{suffix}").stat().st_size < LARGEST
