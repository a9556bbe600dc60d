"""The pictures of the documentation are those that the code draws."""

from __future__ import annotations

from tests.unit.drawing.documented import PICTURES, geometries


def test_the_documentation_shows_what_is_drawn() -> None:
    again = "run python -m tests.unit.drawing.documented"
    assert (PICTURES / "geometries.svg").read_text("utf-8") == geometries(), again
