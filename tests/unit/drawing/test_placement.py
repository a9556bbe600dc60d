"""Where labels are placed: beside their shapes, and not on other ones."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from scaleapi.drawing import annotations_svg
from scaleapi.drawing.occupancy import Grid
from scaleapi.drawing.paths import Frame, Path
from scaleapi.drawing.picture import Picture
from scaleapi.drawing.tags import Tag
from tests.unit.drawing.reader import SVG, read, shapes
from tests.unit.drawing.scenes import Count, checked, scene

SIZE = (640, 480)


def box(label: str, left: float, top: float, width: float, height: float) -> dict[str, Any]:
    return {"label": label, "left": left, "top": top, "width": width, "height": height}


def tags(*annotations: dict[str, Any], size: tuple[int, int] = SIZE) -> dict[str, Tag]:
    return {tag.text: tag for tag in Picture([*annotations], size=size).tags}


def test_a_label_is_above_its_shape() -> None:
    (tag,) = tags(box("car", 100, 100, 80, 60)).values()
    assert tag.leader is None
    assert 90 < tag.ground.bottom <= 100
    assert tag.ground.left == pytest.approx(100, abs=5)


def test_a_label_is_not_on_the_shape_above() -> None:
    found = tags(box("car", 100, 100, 80, 60), box("bus", 80, 20, 120, 78))
    assert not found["car"].ground.meets(Frame(80, 20, 200, 98))
    assert found["car"].leader is None  # there is room below


def test_a_label_that_moves_is_connected_with_its_shape() -> None:
    around = [
        box(f"{row} {column}", 200 + 60 * column, 150 + 60 * row, 58, 58)
        for row in range(3)
        for column in range(3)
    ]
    (tag,) = (tag for name, tag in tags(*around).items() if name == "1 1")
    assert tag.leader is not None
    start, end = tag.leader.points
    assert tag.ground.grown(0.1).meets(Frame(*start, *start))
    assert 260 <= end[0] <= 318
    assert 210 <= end[1] <= 268
    for other in around:
        right, bottom = other["left"] + 58, other["top"] + 58
        assert not tag.ground.meets(Frame(other["left"], other["top"], right, bottom))


def test_the_leader_is_drawn() -> None:
    around = [
        box("same", 200 + 60 * column, 150 + 60 * row, 58, 58)
        for row in range(3)
        for column in range(3)
    ]
    root = read(annotations_svg(around, size=SIZE))
    moved = [tag for tag in Picture(around, size=SIZE).tags if tag.leader is not None]
    assert len(list(root.iter(f"{SVG}line"))) == 2 * len(moved) > 0
    color = shapes(root)[0].attrib["stroke"]
    assert color in {line.attrib["stroke"] for line in root.iter(f"{SVG}line")}


def test_a_label_does_not_hide_its_own_small_shape() -> None:
    small = box("label", 300, 2, 20, 20)  # no room above
    assert not tags(small)["label"].ground.meets(Frame(300, 2, 320, 22))


def test_labels_in_a_shape_that_fills_the_picture() -> None:
    """There is no place outside of it, so they are in it, but not on an outline."""
    found = tags(box("street", 0, 0, 640, 480), box("car", 100, 100, 80, 60))
    assert {*found} == {"street", "car"}
    assert found["car"].leader is None
    assert not found["street"].ground.meets(Frame(100, 100, 180, 160))


def test_no_label_is_on_another() -> None:
    same = [box(f"car {number}", 250, 200, 100, 60) for number in range(12)]
    found = [tag.ground for tag in tags(*same).values()]
    assert len(found) == 12
    for one, other in combinations(found, 2):
        assert not one.meets(other)


def measured(seeds: range) -> Count:
    return sum(map(checked, map(scene, seeds)), Count())


@pytest.mark.slow
def test_no_label_covers_another_shape_if_there_is_room() -> None:
    count = measured(range(8))
    assert count.labels > 200
    assert count.moved > 0
    assert count.avoidable == 0, count


@pytest.mark.parametrize(
    "images", [pytest.param(20, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.soak)]
)
def test_no_label_covers_another_shape_in_many_images(images: int) -> None:
    count = measured(range(images))
    print(count)  # noqa: T201 - the figure
    assert count.labels > 25 * images
    assert count.avoidable == 0, count


@pytest.mark.slow
def test_the_measure_finds_a_label_on_another_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without obstacles, labels are on other shapes although there is room."""
    monkeypatch.setattr(Grid, "is_free", lambda *_: True)
    assert measured(range(3)).avoidable > 0


def test_the_grid_covers_the_edges_of_the_picture() -> None:
    """The last row and column reach beyond it, but a place does not."""
    grid = Grid(Frame(0, 0, 55, 25), 10)
    assert not grid.is_free(grid.box(Frame(0, 22, 55, 25)), Frame(0, 15, 20, 25))
    assert not grid.is_free(grid.box(Frame(52, 0, 55, 25)), Frame(35, 0, 55, 10))
    assert grid.nearest(grid.empty(), 25, 14, Frame(55, 25, 55, 25)) == Frame(30, 10, 55, 24)


@pytest.mark.parametrize("size", [(1, 1_000_000), (1_000_000, 1), (1, 1), (1e6, 1e6), (3, 900)])
def test_pictures_of_any_proportions(size: tuple[float, float]) -> None:
    svg = annotations_svg([box("car", 0, 0, 5, 5), box("bus", 0, 0, 1e6, 1e6)], size=size)
    assert len(shapes(read(svg))) == 2


def test_the_grid_covers_what_a_shape_touches() -> None:
    """Row by row, from the lowest bit."""
    grid = Grid(Frame(0, 0, 50, 40), 10)
    triangle = Path(((5, 5), (45, 5), (45, 35)), closed=True)
    assert grid.shape([triangle], 0, filled=True) == [0b11111, 0b11110, 0b11100, 0b11000]
    line = Path(((5, 5), (45, 35)))
    assert grid.shape([line], 0, filled=True) == [0b00011, 0b00110, 0b01100, 0b11000]
    assert grid.shape([Path(((25, 15),))], 0, filled=True) == [0, 0b00100, 0, 0]
    ring = Path(((5, 5), (45, 5), (45, 35), (5, 35)), closed=True)
    assert grid.shape([ring], 0, filled=False) == [0b11111, 0b10001, 0b10001, 0b11111]
