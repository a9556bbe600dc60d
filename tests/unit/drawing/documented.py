"""The pictures of docs/pictures.rst; ``python -m tests.unit.drawing.documented`` makes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

from scaleapi.drawing import annotations_svg, draw

__all__ = ["PICTURES", "geometries"]

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "docs" / "pictures"

SIZE = (800, 300)


def vertices(*points: tuple[float, float]) -> dict[str, Any]:
    return {"vertices": [{"x": x, "y": y} for x, y in points]}


def annotation(kind: str, label: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "label": label, "attributes": {}, **fields}


CUBOID = {
    "face-topleft": (400, 130),
    "face-topright": (520, 130),
    "face-bottomright": (520, 260),
    "face-bottomleft": (400, 260),
    "side-topcorner": (600, 150),
    "side-bottomcorner": (600, 225),
}

GEOMETRIES = [
    annotation("box", "parcel", left=30, top=40, width=120, height=70),
    annotation("box", "sticker", **vertices((230, 30), (320, 60), (300, 120), (210, 90))),
    annotation("polygon", "barcode", **vertices((40, 150), (140, 145), (165, 190), (90, 205))),
    annotation("line", "tape", **vertices((380, 90), (450, 40), (560, 75), (680, 35))),
    annotation("point", "corner", x=660, y=110),
    annotation("ellipse", "logo", **vertices((240, 235), (320, 215), (330, 255), (250, 275))),
    annotation(
        "cuboid",
        "truck",
        vertices=[{"x": x, "y": y, "description": name} for name, (x, y) in CUBOID.items()],
    ),
    annotation("box", "parcel", left="30", top=40, width=120, height=70),  # no number: left out
]

PARCELS = [
    annotation("box", "parcel", left=30, top=222, width=119, height=127),
    annotation("box", "parcel", left=187, top=192, width=112, height=148),
    annotation("box", "parcel", left=332, top=171, width=112, height=92),
    annotation("polygon", "barcode", **vertices((40, 232), (87, 232), (87, 259), (40, 259))),
    annotation("polygon", "barcode", **vertices((197, 202), (244, 202), (244, 229), (197, 229))),
    annotation("polygon", "barcode", **vertices((342, 181), (389, 181), (389, 208), (342, 208))),
    annotation("line", "tape", **vertices((30, 285), (149, 285))),
    annotation("line", "tape", **vertices((187, 265), (299, 265))),
    annotation("line", "tape", **vertices((332, 216), (444, 216))),
]


def geometries() -> str:
    """Return every geometry, on the ground that the page itself has."""
    return annotations_svg(GEOMETRIES, size=SIZE)


def parcels() -> Image.Image:
    """Return a photo with its annotations."""
    return draw(Image.open(ROOT / "examples" / "data" / "belt_north.jpg"), PARCELS)


if __name__ == "__main__":
    (PICTURES / "geometries.svg").write_bytes(geometries().encode())
    parcels().save(PICTURES / "parcels.png", optimize=True)
