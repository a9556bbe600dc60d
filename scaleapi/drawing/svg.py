"""Pictures as SVG, with presentation attributes only.

Without styles, scripts and ids, a picture can be in any page, several times, under any content
security policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log10

from .colors import FILL_OPACITY, GROUND_OPACITY, HALO, TEXT
from .panel import Panel
from .paths import Frame, Path, Point
from .picture import Picture, Shape
from .tags import Tag
from .text import escape, shorten

__all__ = ["render"]


def render(
    picture: Picture, image: str | None, *, stretch: bool, place: Frame | None = None
) -> str:
    """Return the document.

    Args:
        picture: The picture.
        image: A link to the image underneath.
        stretch: Whether to stretch the image to the frame. Otherwise it has its own size.
        place: Where it is in a larger picture, if it is part of one.
    """
    return "".join(_Writer(picture).document(image, stretch, place))


class _Writer:
    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        # Coordinates are rounded to a fiftieth of the line width or less. Finer steps would only
        # make the document longer.
        self._steps: int = 10 ** max(1, ceil(log10(50 / picture.stroke)))

    def steps(self, value: float) -> int:
        return round(value * self._steps)

    def number(self, value: float) -> str:
        return f"{self.steps(value) / self._steps:.10g}"

    def numbers(self, *values: float) -> str:
        return " ".join(map(self.number, values))

    def document(self, image: str | None, stretch: bool, place: Frame | None) -> Iterator[str]:
        picture, frame = self.picture, self.picture.frame
        view = self.numbers(frame.left, frame.top, frame.width, frame.height)
        if place is None:
            yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="100%"'
            yield ' height="100%" role="img"'
            if image is not None and picture.shapes and not stretch:
                # Of an image of unknown size, more may be shown than what was labeled; in a wide
                # place it begins at the edge all the same.
                yield ' preserveAspectRatio="xMinYMin"'
        else:
            x, y, width, height = place.left, place.top, place.width, place.height
            yield f'<svg x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
            yield f' viewBox="{view}" role="img"'
        yield ' font-family="sans-serif">'
        yield f"<title>{escape(picture.summary)}</title>"
        if picture.notes:
            yield f"<desc>{escape('. '.join(picture.notes))}</desc>"
        if image is not None:
            yield f'<image href="{escape(image)}"{self.image_place(stretch)}/>'
        # Shapes are in steps, since there are many numbers and whole ones are shorter.
        yield f'<g transform="scale({1 / self._steps:g})" fill="none"'
        yield f' fill-opacity="{FILL_OPACITY}" stroke-linecap="round" stroke-linejoin="round"'
        yield f' stroke-width="{self.steps(picture.stroke)}">'
        for shape in picture.shapes:
            yield from self.shape(shape)
        yield "</g>"
        for tag in picture.tags:
            if tag.leader is not None:
                yield self.leader(tag.leader, tag.color)
        yield from map(self.tag, picture.tags)
        if picture.panel is not None:
            yield from self.panel(picture.panel)
        yield "</svg>"

    def image_place(self, stretch: bool) -> str:
        if self.picture.shapes and not stretch:
            return ""
        frame = self.picture.frame
        place = f' width="{self.number(frame.width)}" height="{self.number(frame.height)}"'
        # If nothing is drawn on an image of unknown size, all of it is shown.
        return place + (' preserveAspectRatio="none"' if stretch else "")

    def shape(self, shape: Shape) -> Iterator[str]:
        data = "".join(map(self.data, shape.paths))
        width = self.picture.dot if shape.is_dot else self.picture.stroke
        halo = self.steps(width + self.picture.stroke)
        yield f'<g stroke="{self.picture.color(shape)}">'
        yield f"<title>{escape(shorten(shape.description, self.picture.longest))}</title>"
        yield f'<path d="{data}" stroke="{HALO}" stroke-width="{halo}"/><path d="{data}"'
        if shape.is_closed:
            yield f' fill="{self.picture.color(shape)}"'
        if shape.is_dot:
            yield f' stroke-width="{self.steps(width)}"'
        yield "/></g>"

    def data(self, path: Path) -> str:
        """Return the commands of a path, each relative to the point before."""
        points = [(self.steps(x), self.steps(y)) for x, y in path.points]
        if len(points) == 1:
            points += points  # round caps make a line without length a dot
        steps = self._cubic_steps(points) if path.curved else self._line_steps(points)
        way = " ".join(map(str, steps)).replace(" -", "-")
        x, y = points[0]
        return f"M{x} {y}{'c' if path.curved else 'l'}{way}{'z' if path.closed else ''}"

    @staticmethod
    def _line_steps(points: list[tuple[int, int]]) -> Iterator[int]:
        before_x, before_y = points[0]
        for x, y in points[1:]:
            yield x - before_x
            yield y - before_y
            before_x, before_y = x, y

    @staticmethod
    def _cubic_steps(points: list[tuple[int, int]]) -> Iterator[int]:
        """Yield control points and ends, relative to the start of their cubic."""
        for first in range(0, len(points) - 1, 3):
            start_x, start_y = points[first]
            for x, y in points[first + 1 : first + 4]:
                yield x - start_x
                yield y - start_y

    def leader(self, path: Path, color: str) -> str:
        """Return the line from a label to its shape."""
        (x1, y1), (x2, y2) = path.points
        places = zip(("x1", "y1", "x2", "y2"), (x1, y1, x2, y2), strict=True)
        ends = " ".join(f'{name}="{self.number(place)}"' for name, place in places)
        stroke = self.picture.stroke / 2
        lines = ((HALO, 2.5 * stroke), (color, stroke))
        return '<g stroke-linecap="round" pointer-events="none">{}</g>'.format(
            "".join(
                f'<line {ends} stroke="{one}" stroke-width="{self.number(width)}"/>'
                for one, width in lines
            )
        )

    def tag(self, tag: Tag) -> str:
        """Return the label beside a shape."""
        x, y = map(self.number, tag.place)
        return (
            f'<g pointer-events="none">{self.rect(tag.ground, HALO, GROUND_OPACITY)}'
            f'{self.rect(tag.bar, tag.color)}<text x="{x}" y="{y}" font-size="'
            f'{self.number(tag.font)}" fill="{TEXT}">{escape(tag.text)}</text></g>'
        )

    def rect(self, frame: Frame, color: str, opacity: float = 1) -> str:
        x, y = self.number(frame.left), self.number(frame.top)
        width, height = self.number(frame.width), self.number(frame.height)
        visible = "" if opacity == 1 else f' fill-opacity="{opacity}"'
        return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{color}"{visible}/>'

    def panel(self, panel: Panel) -> Iterator[str]:
        """Yield the legend and the notes. The mouse still reaches the shapes under them."""
        yield f'<g fill="{TEXT}" font-size="{self.number(panel.font)}" pointer-events="none">'
        yield self.rect(panel.frame, HALO, GROUND_OPACITY)
        for number, row in enumerate(panel.rows):
            if row.color is not None:
                yield self.swatch(panel.swatch(number), panel.font / 2, row.color)
            x, y = map(self.number, panel.text(number))
            yield f'<text x="{x}" y="{y}">{escape(row.text)}</text>'
        yield "</g>"

    def swatch(self, middle: Point, radius: float, color: str) -> str:
        x, y = map(self.number, middle)
        return f'<circle cx="{x}" cy="{y}" r="{self.number(radius)}" fill="{color}"/>'
