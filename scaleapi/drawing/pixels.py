"""Pictures in pixels, painted with Pillow. Everything is in the same place as in the SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from math import ceil, floor

from .colors import FILL_OPACITY, GROUND_OPACITY, HALO, TEXT
from .coverage import coverage
from .outlines import flattened, stroked
from .panel import Panel
from .paths import Frame, Path, Point
from .picture import Picture, Shape

try:
    from PIL import Image, ImageDraw
except ImportError as error:
    raise ImportError('Pictures in pixels need Pillow: pip install "scaleapi[draw]"') from error

from .fonts import load, runs  # these import Pillow too
from .images import check_pixels

__all__ = ["blank", "paint"]

_MOST_WORK = 40_000
"""The most corners that are painted exactly, in about a second; a shape counts as 20 of them."""

_MOST_CORNERS = 20_000
"""The most corners of a filled polygon in such a picture; the outline has all of them."""

_SMOOTH = 1_000_000
"""The largest area in pixels whose edges are smooth in a picture with more corners."""


def blank(picture: Picture) -> Image.Image:
    """Return a white image of a picture's size.

    Args:
        picture: The picture.

    Raises:
        ScaleArgumentError: If it has too many pixels.
    """
    size = ceil(picture.frame.width), ceil(picture.frame.height)
    check_pixels("size", "is", *size)
    return Image.new("RGBA", size, "white")


def paint(picture: Picture, canvas: Image.Image, font: str | None) -> None:
    """Paint a picture on an RGBA image, whose corner is that of the picture's frame.

    Args:
        picture: The picture.
        canvas: The image.
        font: The path of the font to prefer.
    """
    _Painter(picture, canvas, font).paint()


class _Painter:
    def __init__(self, picture: Picture, canvas: Image.Image, font: str | None) -> None:
        self._font = font
        self.picture = picture
        self.canvas = canvas
        self._origin = picture.frame.left, picture.frame.top

    def paint(self) -> None:
        paint_shape = self.shape if self._work() <= _MOST_WORK else self.sketch
        for shape in self.picture.shapes:
            paint_shape(shape)
        for tag in self.picture.tags:
            if tag.leader is not None:
                self.leader(tag.leader, tag.color)
        for tag in self.picture.tags:
            self.rect(tag.ground, HALO, GROUND_OPACITY)
            self.rect(tag.bar, tag.color)
            self.write(tag.place, tag.text, tag.font)
        if self.picture.panel is not None:
            self.panel(self.picture.panel)

    def _work(self) -> float:
        """Return how many corners there are; long sides count as several."""
        height = self.picture.frame.height
        return sum(
            20 + len(path.points) + sum(min(abs(a[1] - b[1]), height) / 8 for a, b in sides)
            for shape in self.picture.shapes
            for path in shape.paths
            for sides in [[*pairwise(path.points)]]
        )

    def sketch(self, shape: Shape) -> None:
        """Paint a shape as Pillow does: quickly, without rounded corners."""
        width = self.picture.dot if shape.is_dot else self.picture.stroke
        color = self.picture.color(shape)
        outlines = [flattened(path) for path in shape.paths]
        closed = [
            outline + outline[:1] if path.closed else outline
            for outline, path in zip(outlines, shape.paths, strict=True)
        ]
        self._sketched(closed, width + self.picture.stroke, HALO)
        if shape.is_closed:
            self._sketched(outlines, None, color, FILL_OPACITY)
        self._sketched(closed, width, color)

    def _sketched(
        self, lines: list[list[Point]], width: float | None, color: str, opacity: float = 1
    ) -> None:
        """Paint lines of a width, or the inside of polygons."""
        left, top = self._origin
        points = [*chain.from_iterable(lines)]
        radius = (width or 0) / 2 + 1
        first_x = max(0, floor(min(x for x, _ in points) - left - radius))
        first_y = max(0, floor(min(y for _, y in points) - top - radius))
        across = min(self.canvas.width, ceil(max(x for x, _ in points) - left + radius)) - first_x
        down = min(self.canvas.height, ceil(max(y for _, y in points) - top + radius)) - first_y
        if across <= 0 or down <= 0:
            return
        scale = 2 if across * down <= _SMOOTH else 1
        mask = Image.new("L", (scale * across, scale * down))
        pen = ImageDraw.Draw(mask)
        level = round(255 * opacity)
        for line in lines:
            moved = [(scale * (x - left - first_x), scale * (y - top - first_y)) for x, y in line]
            if width is None:
                pen.polygon(moved[:: len(moved) // _MOST_CORNERS + 1], fill=level)
            elif len(moved) == 1:
                pen.circle(moved[0], scale * width / 2, fill=level)
            else:
                pen.line(moved, fill=level, width=max(1, round(scale * width)))
        layer = Image.new("RGBA", (across, down), color)
        layer.putalpha(mask.reduce(scale))
        self.canvas.alpha_composite(layer, (first_x, first_y))

    def shape(self, shape: Shape) -> None:
        """Paint the halo, the inside and the stroke, in this order as in SVG."""
        width = self.picture.dot if shape.is_dot else self.picture.stroke
        halo = chain.from_iterable(stroked(p, width + self.picture.stroke) for p in shape.paths)
        self.cover(halo, HALO)
        if shape.is_closed:
            self.cover(map(flattened, shape.paths), self.picture.color(shape), FILL_OPACITY)
        self.cover(
            chain.from_iterable(stroked(p, width) for p in shape.paths),
            self.picture.color(shape),
        )

    def cover(self, polygons: Iterable[Sequence[Point]], color: str, opacity: float = 1) -> None:
        """Paint the pixels that polygons cover."""
        left, top = self._origin
        moved = [[(x - left, y - top) for x, y in polygon] for polygon in polygons]
        points = [*chain.from_iterable(moved)]
        first_x = max(0, floor(min(x for x, _ in points)))
        first_y = max(0, floor(min(y for _, y in points)))
        width = min(self.canvas.width, ceil(max(x for x, _ in points))) - first_x
        height = min(self.canvas.height, ceil(max(y for _, y in points))) - first_y
        if width <= 0 or height <= 0:
            return
        near = [[(x - first_x, y - first_y) for x, y in polygon] for polygon in moved]
        mask = Image.frombytes("L", (width, height), coverage(near, width, height))
        layer = Image.new("RGBA", mask.size, color)
        layer.putalpha(mask.point([round(level * opacity) for level in range(256)]))
        self.canvas.alpha_composite(layer, (first_x, first_y))

    def leader(self, path: Path, color: str) -> None:
        """Paint the line from a label to its shape."""
        stroke = self.picture.stroke / 2
        self.cover(stroked(path, 2.5 * stroke), HALO)
        self.cover(stroked(path, stroke), color)

    def rect(self, frame: Frame, color: str, opacity: float = 1) -> None:
        """Paint a rectangle."""
        left, top, right, bottom = frame
        self.cover([[(left, top), (right, top), (right, bottom), (left, bottom)]], color, opacity)

    def panel(self, panel: Panel) -> None:
        """Write the legend and the notes on their background."""
        self.rect(panel.frame, HALO, GROUND_OPACITY)
        for number, row in enumerate(panel.rows):
            if row.color is not None:
                swatch = Path((panel.swatch(number),))
                self.cover(stroked(swatch, panel.font), row.color)
            self.write(panel.text(number), row.text, panel.font)

    def write(self, place: Point, text: str, font: float) -> None:
        """Write a line of text from the left end of its baseline."""
        x, y = place[0] - self._origin[0], place[1] - self._origin[1]
        for piece, path in runs(text, self._font):
            face = load(path, font)
            ImageDraw.Draw(self.canvas).text((x, y), piece, TEXT, face, anchor="ls")
            x += face.getlength(piece)
