"""A strip of frames with the tracks of objects below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .colors import color_of
from .markup import Markup, document, element
from .paths import Frame
from .picture import Picture
from .rows import HEIGHT, WIDTH, Row, rows_svg
from .svg import render
from .tracks import Track, frame_count

__all__ = ["Image", "strip_svg"]

Image = tuple[str, tuple[float, float] | None]
"""A link to an image and its size in pixels, if it is known."""

_SHOWN, _GAP, _MOST_TRACKS = 4, 12, 12
_FRAME = (WIDTH - _GAP) / 2
_TALLEST = 1.5
_STRETCHES = 300
"""The most stretches of a track that can be seen in a row."""


def strip_svg(
    tracks: Sequence[Track],
    *,
    images: Sequence[Image | None] = (),
    frames: int = 0,
    label_order: Iterable[str] = (),
) -> str:
    """Draw up to four frames, two side by side, and a row for each track.

    Args:
        tracks: The tracks.
        images: The images of the frames.
        frames: The number of frames, if more than there are images and shapes.
        label_order: The labels that get the first colors.
    """
    labels = [*dict.fromkeys([*label_order, *(track.label for track in tracks)])]
    colors = {label: color_of(place) for place, label in enumerate(labels)}
    count = max(frame_count([*tracks]), len(images), frames)
    shown = sorted({count * place // _SHOWN for place in range(_SHOWN)} if count else set())
    found = [_annotations(tracks, number) for number in shown]
    size = _size(found, images)
    left, top, right, bottom = size
    height = _FRAME * min(_TALLEST, (bottom - top) / (right - left))
    parts: list[Markup] = []
    for place, number in enumerate(shown):
        x, y = place % 2 * (_FRAME + _GAP), place // 2 * (height + HEIGHT + _GAP)
        image = images[number] if number < len(images) else None
        where = Frame(x, y, x + _FRAME, y + height)
        parts.append(_frame(found[place], image, size, labels, where))
        parts.append(_caption(f"Frame {number + 1} of {count}", x, y + height))
    rows_top = (len(shown) + 1) // 2 * (height + HEIGHT + _GAP)
    rows = [*_rows(tracks, count, colors)]
    title = f"Tracks: {len(tracks)}, frames: {count}"
    total = rows_top + HEIGHT * len(rows)
    return document(WIDTH, total, title, *parts, *rows_svg(rows, rows_top))


def _annotations(tracks: Sequence[Track], number: int) -> list[object]:
    """Return the annotations of a frame."""
    return [{**shape, "label": track.label} for track in tracks if (shape := track.at(number))]


def _size(found: Sequence[list[object]], images: Sequence[Image | None]) -> Frame:
    """Return the view that all frames of the strip have."""
    known = next((image[1] for image in images if image is not None and image[1]), None)
    if known is not None:
        return Frame(0, 0, *known)
    everything = [shape for shapes in found for shape in shapes]
    has_image = any(image is not None for image in images)
    return Picture(everything, labels=False, has_image=has_image).frame


def _frame(
    shapes: list[object],
    image: Image | None,
    size: Frame,
    labels: Iterable[str],
    place: Frame,
) -> Markup:
    picture = Picture(shapes, view=size, label_order=labels, letters_across=14)
    picture.notes.clear()
    drawn = render(picture, image and image[0], stretch=bool(image and image[1]), place=place)
    ground = element(
        "rect", x=place.left, y=place.top, width=place.width, height=place.height, fill="#4a5560"
    )
    return Markup(ground + drawn)


def _caption(text: str, x: float, y: float) -> Markup:
    ground = element("rect", x=x, y=y, width=_FRAME, height=HEIGHT, fill="#000000")
    words = element("text", text, x=x + 16, y=y + 29, font_size=26, fill="#ffffff")
    return Markup(ground + words)


def _rows(tracks: Sequence[Track], count: int, colors: Mapping[str, str]) -> Iterator[Row]:
    numbers: dict[str, int] = {}
    for track in tracks[:_MOST_TRACKS]:
        numbers[track.label] = numbers.get(track.label, 0) + 1
        spans = [(start / count, end / count) for start, end in _spans(track, count // _STRETCHES)]
        yield Row(f"{track.label} {numbers[track.label]}", colors[track.label], spans)
    if len(tracks) > _MOST_TRACKS:
        yield Row(f"and {len(tracks) - _MOST_TRACKS} more tracks")


def _spans(track: Track, gap: int) -> Iterator[tuple[int, int]]:
    """Yield the first frame of each stretch in which a track is, and the one after its last.

    A gap of that many frames would be too narrow to see.
    """
    frames = sorted(track.shapes)
    if not frames:
        return
    if track.joined:
        yield frames[0], frames[-1] + 1
        return
    start = before = frames[0]
    for frame in frames[1:]:
        if frame > before + 1 + gap:
            yield start, before + 1
            start = frame
        before = frame
    yield start, before + 1
