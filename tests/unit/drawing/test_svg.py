"""SVG pictures: positions, colors, order and escaping."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from scaleapi.drawing import annotations_svg
from scaleapi.drawing.colors import HALO, PALETTE, color_of
from tests.unit.drawing.reader import ELEMENTS, SVG, read, shapes, texts, title, view

Annotation = dict[str, Any]


def box(label: object = "parcel", **fields: object) -> Annotation:
    sides = {"left": 10, "top": 20, "width": 100, "height": 50}
    return {"type": "box", "label": label, "attributes": {}, **sides, **fields}


@pytest.mark.parametrize("links", [[], [{"a": "b"}]])
def test_a_response_is_drawn_like_its_annotations(links: object) -> None:
    response = {"annotations": [box()], "links": links, "global_attributes": {}}
    assert annotations_svg(response) == annotations_svg([box()]) == annotations_svg((box(),))


@pytest.mark.parametrize(
    "nothing",
    [
        *(None, {}, [], "text", 5, object(), {"category": "red"}, {"annotations": None}),
        {"annotations": {"url": "https://example.com/frames.json"}},
    ],
)
def test_other_input_gives_an_empty_picture(nothing: object) -> None:
    root = read(annotations_svg(nothing))
    assert shapes(root) == []
    assert (title(root), texts(root)) == ("No annotations", ["No annotations"])


def test_malformed_annotations_are_counted() -> None:
    bad = [box(left="41"), box(width=float("nan")), {"label": "parcel"}, None, box(top=1e308)]
    root = read(annotations_svg([*bad[:2], box(), *bad[2:]], labels=False))
    assert len(shapes(root)) == 1
    assert texts(root) == [root.findtext(f"{SVG}desc")] == ["5 of 6 left out: malformed"]


def test_the_view_is_the_image() -> None:
    assert view(read(annotations_svg([box()], size=(640, 480.5)))) == [0, 0, 640, 480.5]
    assert view(read(annotations_svg([], size=(640, 480)))) == [0, 0, 640, 480]


def test_without_a_size_the_view_is_around_the_annotations() -> None:
    far = box(left=-300, top=900)
    assert view(read(annotations_svg([box(), far]))) == [-346.5, -26.5, 503, 1023]
    assert view(read(annotations_svg([{"x": 5, "y": 6}]))) == [-5, -4, 20, 20]


def test_without_a_size_the_view_begins_with_the_image() -> None:
    """The image then has its own size, to match the coordinates of annotations."""
    root = read(annotations_svg([box()], image="https://example.com/a.png"))
    assert view(root) == [0, 0, 115, 75]
    assert root.find(f"{SVG}image") is not None
    assert root.find(f"{SVG}image").attrib == {"href": "https://example.com/a.png"}  # type: ignore[union-attr]


def test_the_image_has_the_given_size() -> None:
    image = next(
        read(annotations_svg([], image="https://example.com/a.png", size=(8, 6))).iter(
            f"{SVG}image"
        )
    )
    assert image.attrib == {
        "href": "https://example.com/a.png",
        "width": "8",
        "height": "6",
        "preserveAspectRatio": "none",
    }


@pytest.mark.parametrize(
    "size",
    [
        *(5, "64", (640,), (640, 480, 3), (0, 480), (640, -1), (640, "480"), (True, True)),
        *((float("nan"), 480), (640, float("inf")), (1e308, 1e308), (None, None), {}),
    ],
    ids=str,
)
def test_a_bad_size_is_an_error(size: Any) -> None:
    with pytest.raises(ValueError, match=r"^size must be \(width, height\), each from 1 to"):
        annotations_svg([box()], size=size)


def test_small_shapes_are_drawn_over_large_ones() -> None:
    point = {"type": "point", "label": "point", "x": 50, "y": 40}
    small, large = box("small", width=20), box("large", width=200)
    drawn = shapes(read(annotations_svg([point, small, large])))
    assert [title(shape) for shape in drawn] == ["large", "small", "point"]


def test_attributes_are_shown_on_hover() -> None:
    attributes = {"damaged": "No", "count": 3, "sides": ["front", "top"], "of": None, "wet": True}
    (shape,) = shapes(read(annotations_svg([box(attributes=attributes)])))
    assert title(shape).splitlines() == [
        "parcel",
        "damaged: No",
        "count: 3",
        "sides: front, top",
        "of: null",
        "wet: true",
    ]


def test_every_shape_has_its_label() -> None:
    root = read(annotations_svg([box("car"), box("person", left=200), box("car", left=400)]))
    assert title(root) == "3 annotations: 2 car, 1 person"
    assert texts(root) == ["car", "person", "car"]


def test_the_legend_counts() -> None:
    """It has the labels that are not beside all of their shapes."""
    many = [box("car", left=200 * number) for number in range(30)]
    root = read(annotations_svg([*many, *(box("bus", left=one["left"]) for one in many[:25])]))
    assert texts(root) == ["car (30)", "bus (25)"]
    swatches = [swatch.attrib["fill"] for swatch in root.iter(f"{SVG}circle")]
    assert swatches == [color_of(0), color_of(1)]


def test_many_labels_have_a_short_legend() -> None:
    root = read(annotations_svg([box(f"label {number:02}") for number in range(60)]))
    shown = [*texts(root)]
    assert shown[0] == "label 00 (1)"
    assert shown[-1] == f"and {61 - len(shown)} more labels"
    assert 4 < len(shown) <= 9
    assert title(root).endswith("1 label 07, and 52 more labels")


def test_without_labels_there_are_only_shapes() -> None:
    root = read(annotations_svg([box()], labels=False))
    assert texts(root) == []
    assert [title(shape) for shape in shapes(root)] == ["parcel"]


def test_labels_do_not_move_the_picture() -> None:
    with_labels, without = (
        read(annotations_svg([box(), box("x" * 500, left=900)], labels=labels, size=(1000, 80)))
        for labels in (True, False)
    )
    assert view(with_labels) == view(without)
    drawn, alone = shapes(with_labels), shapes(without)
    assert [[*shape.itertext()] for shape in drawn] == [[*shape.itertext()] for shape in alone]
    for one, other in zip(drawn, alone, strict=True):
        assert [path.attrib for path in one] == [path.attrib for path in other]


def test_the_notes_cover_the_fewest_shapes() -> None:
    left = [box(left=0, top=0), box(left=0, top=420), box(left=0, top=400), {}]
    root = read(annotations_svg([*left, box(left=540, top=420)], size=(640, 480), labels=False))
    ground = next(root.iter(f"{SVG}rect")).attrib
    assert float(ground["x"]) > 300
    assert float(ground["y"]) < 240


@pytest.mark.parametrize("label", [None, "", "  ", "\n"])
def test_no_label(label: object) -> None:
    (shape,) = shapes(read(annotations_svg([box(label)])))
    assert title(shape) == "(no label)"


HOSTILE = '</title><script>alert(1)</script>"\' onload="x" & \0\x1b\ud800\ufffe\u202e]]>'


def test_text_is_escaped() -> None:
    svg = annotations_svg([box(HOSTILE, attributes={HOSTILE: HOSTILE, "": [HOSTILE]})])
    root = read(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ELEMENTS
    # Characters that XML does not have are shown as what they are: unknown.
    shown = HOSTILE.translate(dict.fromkeys([0, 0x1B, 0xD800, 0xFFFE], "\ufffd"))
    assert title(shapes(root)[0]).split("\n", 2)[:2] == [shown, f"{shown}: {shown}"]


GOOD_LINKS = [
    "http://example.com/a.png",
    "https://example.com/a.png?a=1&b=%22'\"<>",
    "HTTPS://example.com/a",
    "data:image/png;base64,iVBORw0KGgo=",
    "data:image/jpeg,%FF%D8",
]


@pytest.mark.parametrize("link", GOOD_LINKS)
def test_links_to_images(link: str) -> None:
    root = read(annotations_svg([box()], image=link))
    assert [image.attrib["href"] for image in root.iter(f"{SVG}image")] == [link]


BAD_LINKS: list[Any] = [
    *("", "a.png", "/a.png", "//example.com/a.png", "file:///etc/passwd", "ftp://example.com/a"),
    *("javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "s3://bucket/a.png"),
    *("data:text/html,<script>alert(1)</script>", "data:,", "data:image/", "http:", "https://"),
    *("data:image/svg+xml,<svg onload='alert(1)'/>", "data:image/s\nvg+xml,<svg/>"),
    *("data:image/png+xml,<svg/>", "blob:https://example.com/1", 5, ["https://example.com/a.png"]),
]


@pytest.mark.parametrize("link", BAD_LINKS, ids=repr)
def test_other_links_are_removed(link: Any) -> None:
    root = read(annotations_svg([box()], image=link, labels=False))
    assert [*root.iter(f"{SVG}image")] == []
    assert texts(root) == ["Image not shown: not an http, https or data link"]


def test_the_svg_is_safe_in_any_page() -> None:
    """It has no styles, ids, scripts or handlers, so policies allow it and nothing clashes."""
    root = read(annotations_svg([box(), {"type": "point", "x": 1, "y": 2}], size=(64, 48)))
    assert root.attrib["role"] == "img"
    for element in root.iter():
        assert not {"id", "class", "style"} & {*element.attrib}
        assert not [name for name in element.attrib if name.startswith("on")]


def luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("color", PALETTE)
def test_lines_are_visible_on_any_background(color: str) -> None:
    """WCAG 2 requires 3:1. The halo is visible on light backgrounds, the line on dark ones."""
    dark, light = luminance(HALO), luminance(color)
    assert (light + 0.05) / (dark + 0.05) >= 3
    ground_as_seen_from_both = 0.179  # the grey that is as far from black as from white
    assert (ground_as_seen_from_both + 0.05) / (dark + 0.05) >= 3


def test_it_imports_nothing_of_the_client() -> None:
    code = (
        "import sys, importlib.util, types\n"
        "package = types.ModuleType('scaleapi')\n"
        "package.__path__ = importlib.util.find_spec('scaleapi').submodule_search_locations\n"
        "sys.modules['scaleapi'] = package\n"
        "import scaleapi.drawing\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('PIL', 'requests')"
        " or name.startswith('scaleapi.') and not name.startswith('scaleapi.drawing')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['scaleapi.exceptions']"
