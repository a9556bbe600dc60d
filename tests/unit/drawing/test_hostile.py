"""For any annotations, the picture is well-formed and contains no scripts.

``DRAWING_RUNS`` sets how many lists are tried.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaleapi.drawing import annotations_svg
from tests.unit.drawing.reader import ELEMENTS, SVG, read, shapes

pytestmark = pytest.mark.slow

RUNS = int(os.environ.get("DRAWING_RUNS", "150"))

ATTRIBUTES = {
    *("xmlns", "viewBox", "width", "height", "role", "href", "preserveAspectRatio", "d", "x", "y"),
    *("cx", "cy", "r", "rx", "font-family", "font-size", "fill", "fill-opacity", "stroke"),
    *("stroke-width", "stroke-linecap", "stroke-linejoin", "paint-order", "pointer-events"),
    *("transform", "x1", "y1", "x2", "y2"),
}

TEXT = st.text(max_size=30) | st.sampled_from(
    ["<script>", "</title>", "]]>", "&amp;", '" onload="', "javascript:alert(1)", "\0", "\ud800"]
)
NUMBER = st.integers() | st.floats() | st.floats(-2000, 2000) | st.booleans()
GOOD = st.integers(-500, 5000) | st.floats(-500, 5000)
JSON = st.recursive(
    st.none() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
KINDS = st.sampled_from(["box", "polygon", "line", "point", "ellipse", "cuboid"])
DESCRIPTIONS = st.sampled_from(
    [f"face-{name}" for name in ("topleft", "topright", "bottomleft", "bottomright")]
    + ["side-topcorner", "side-bottomcorner"]
)


def fields_of(number: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return annotations that have most fields of any geometry, in numbers of this kind."""
    vertex = st.fixed_dictionaries({"x": number, "y": number}, optional={"description": JSON})
    described = st.lists(
        st.fixed_dictionaries({"x": number, "y": number, "description": DESCRIPTIONS}),
        min_size=6,
        max_size=6,
        unique_by=lambda vertex: str(vertex["description"]),
    )
    fields = dict.fromkeys(("left", "top", "width", "height", "x", "y"), number)
    return st.fixed_dictionaries(
        {"label": TEXT | JSON, "attributes": st.dictionaries(TEXT, JSON, max_size=3) | JSON},
        optional={
            **fields,
            "type": KINDS | TEXT,
            "geometry": KINDS | JSON,
            "rotation": number,
            "vertices": st.lists(vertex, max_size=5) | described,
        },
    )


LISTS = st.lists(fields_of(GOOD) | fields_of(NUMBER | JSON) | JSON, max_size=12)
SIZES = st.none() | st.tuples(st.floats(1, 1e6), st.floats(1, 1e6))


@given(LISTS, TEXT | st.none(), SIZES, st.booleans())
@settings(
    max_examples=RUNS,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_any_list_becomes_a_safe_picture(
    found: list[Any], link: str | None, size: tuple[float, float] | None, labels: bool
) -> None:
    root = read(annotations_svg(found, image=link, size=size, labels=labels))
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS
        assert {*element.attrib} <= ATTRIBUTES
        for name, value in element.attrib.items():
            assert name == "href" or not {"nan", "inf", "url("} & {*value.lower().split()}
    drawn = len(shapes(root))
    note = root.findtext(f"{SVG}desc") or ""
    assert drawn == len(found) or f"{len(found) - drawn} of {len(found)} left out" in note


def nested(depth: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


DEEP = nested(100_000)
BOX: dict[str, Any] = {"type": "box", "left": 1, "top": 1, "width": 9, "height": 9}


@pytest.mark.parametrize(
    ("found", "drawn"),
    [
        (DEEP, 0),
        ({"annotations": DEEP}, 0),
        ([BOX | {"left": DEEP}, BOX | {"type": DEEP}, BOX | {"vertices": DEEP}], 0),
        ([BOX | {"label": DEEP}, BOX | {"attributes": DEEP}], 2),
        ([BOX | {"attributes": {"deep": DEEP, "digits": 10**5000, "far": 1e308}}], 1),
        ([BOX | {"left": 10**5000}, BOX | {"left": -(10**5000)}], 0),
        ([BOX | {"label": 10**5000}], 1),
    ],
    ids=[
        *("deep", "deep annotations", "deep fields", "deep texts"),
        *("attributes", "digits", "digits as label"),
    ],
)
def test_deep_lists_and_long_numbers(found: Any, drawn: int) -> None:
    assert len(shapes(read(annotations_svg(found)))) == drawn


def test_long_texts_are_cut() -> None:
    long = "<" * 100_000
    attributes = {f"{number}{long}": [long] * 1000 for number in range(30)}
    assert len(annotations_svg([BOX | {"label": long, "attributes": attributes}])) < 50_000


def test_a_response_that_contains_itself() -> None:
    found: list[Any] = [BOX]
    found.append(found)
    found[0] = BOX | {"attributes": {"self": found}}
    assert len(shapes(read(annotations_svg(found)))) == 1
