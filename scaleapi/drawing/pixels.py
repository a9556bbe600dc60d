"""A picture in pixels, by Pillow, with everything in the same places as in SVG."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import chain
from math import ceil, floor
from urllib.parse import unquote_to_bytes

from .colors import FILL_OPACITY, GROUND_OPACITY, HALO, TEXT
from .coverage import coverage
from .links import is_image_link
from .outlines import flattened, stroked
from .panel import Panel
from .paths import Path, Point
from .picture import Picture, Shape

try:
    from PIL import Image, ImageDraw, ImageFont, ImageOps
except ImportError as error:
    raise ImportError('Pictures in pixels need Pillow: pip install "scaleapi[draw]"') from error

from .depth import eight_bits  # noqa: E402  # it needs Pillow too

__all__ = ["blank", "opened", "paint", "upright"]

_FORMATS = ("BMP", "GIF", "JPEG", "PNG", "WEBP")
_MOST_PIXELS = 50_000_000


def opened(link: str) -> Image.Image:
    """Return the image that is in a link.

    Raises:
        ValueError: It is not in the link, or is none. Nothing is fetched.
    """
    if not is_image_link(link) or not link[:5].lower() == "data:":
        raise ValueError("image must be a data:image link; open any other and give it to draw()")
    head, _, text = link.partition(",")
    content = unquote_to_bytes(text)
    try:
        content = b64decode(content) if head.lower().endswith(";base64") else content
        image = Image.open(BytesIO(content), formats=_FORMATS)
        image.load()
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"image cannot be read: {error}") from None
    return image


def upright(image: Image.Image) -> Image.Image:
    """Return an RGBA copy to paint on, rotated as its EXIF data say, like browsers do."""
    return eight_bits(ImageOps.exif_transpose(image))


def blank(picture: Picture) -> Image.Image:
    """Return white paper of a picture's size.

    Raises:
        ValueError: That would be too large.
    """
    width, height = ceil(picture.frame.width), ceil(picture.frame.height)
    if width * height > _MOST_PIXELS:
        raise ValueError(f"size: {width} x {height} pixels are too many; save as .svg")
    return Image.new("RGBA", (width, height), "white")


def paint(picture: Picture, canvas: Image.Image) -> None:
    """Paint a picture on an RGBA image, whose corner is that of the picture's frame."""
    _Painter(picture, canvas).paint()


class _Painter:
    def __init__(self, picture: Picture, canvas: Image.Image) -> None:
        self.picture = picture
        self.canvas = canvas
        self._origin = picture.frame.left, picture.frame.top

    def paint(self) -> None:
        for shape in self.picture.shapes:
            self.shape(shape)
        for tag in self.picture.tags:
            self.write(tag.place, tag.text, self.picture.font, halo=self.picture.stroke / 2)
        if self.picture.panel is not None:
            self.panel(self.picture.panel)

    def shape(self, shape: Shape) -> None:
        """Paint halo, inside and stroke, as SVG does."""
        width = self.picture.dot if shape.is_dot else self.picture.stroke
        halo = chain.from_iterable(stroked(p, width + self.picture.stroke) for p in shape.paths)
        self.cover(halo, HALO)
        if shape.is_closed:
            self.cover(map(flattened, shape.paths), shape.color, FILL_OPACITY)
        self.cover(chain.from_iterable(stroked(p, width) for p in shape.paths), shape.color)

    def cover(self, polygons: Iterable[Sequence[Point]], color: str, opacity: float = 1) -> None:
        """Paint what polygons cover."""
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

    def panel(self, panel: Panel) -> None:
        """Write the legend and the notes on their ground."""
        left, top, right, bottom = panel.frame
        ground = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self.cover([ground], HALO, GROUND_OPACITY)
        for number, row in enumerate(panel.rows):
            if row.color is not None:
                swatch = Path((panel.swatch(number),))
                self.cover(stroked(swatch, panel.font), row.color)
            self.write(panel.text(number), row.text, panel.font)

    def write(self, place: Point, text: str, font: float, halo: float = 0) -> None:
        """Write a line of text from the left end of its base line."""
        x, y = place[0] - self._origin[0], place[1] - self._origin[1]
        ImageDraw.Draw(self.canvas).text(
            (x, y),
            text,
            TEXT,
            ImageFont.load_default(max(1, font)),
            anchor="ls",
            stroke_width=halo,
            stroke_fill=HALO,
        )
