"""Segmentations: the pixels of each label or instance, from an image of indices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._http.response import JSONObject
from ...tasks import Task
from .files import Unavailable, read

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["IndexImage", "Runs", "Segment", "index_image", "segments_of"]

#: The runs of an index: where each begins and how long it is, in the order of the pixels.
Runs = list[tuple[int, int]]

#: Pixels of the largest image that is read. Its indices take up to 4 bytes each.
_MOST_PIXELS = 200_000_000

_MODES = {"1": "L", "L": "L", "P": "P", "LA": "L", "I;16": "I;16", "I;16B": "I;16", "I": "RGB"}


class Segment(NamedTuple):
    """A label, or an instance of it, in a segmentation.

    Attributes:
        number: Its index in the image.
        label: The label.
        fields: What the response says about it.
        is_instance: Whether the label has instances.
    """

    number: int
    label: str
    fields: JSONObject
    is_instance: bool


class IndexImage:
    """An image whose pixels are the indices of segments, 0 for none.

    Args:
        image: The image, opened with Pillow.
    """

    def __init__(self, image: Image) -> None:
        self.size: tuple[int, int] = image.size
        self._image = image

    @cached_property
    def rows(self) -> dict[int, Runs]:
        """The runs of each index, row by row."""
        return _runs(self._image)

    @cached_property
    def columns(self) -> dict[int, Runs]:
        """The runs of each index, column by column."""
        from PIL.Image import Transpose  # noqa: PLC0415 - Pillow is optional

        return _runs(self._image.transpose(Transpose.TRANSPOSE))


def _runs(image: Image) -> dict[int, Runs]:
    """Return the runs of each index. One regular expression finds them all, in C."""
    pixels = image.tobytes()
    size = {"RGB": 3, "I;16": 2}.get(image.mode, 1)
    found: dict[int, Runs] = {}
    numbers: dict[bytes, int] = {}
    for run in re.finditer(b"(" + b"." * size + rb")\1*", pixels, re.DOTALL):
        pixel = run[1]
        if pixel not in numbers:
            numbers[pixel] = int.from_bytes(pixel, "little")
        number = numbers[pixel]
        if number:
            start, end = run.span()
            found.setdefault(number, []).append((start // size, (end - start) // size))
    return found


def segments_of(response: JSONObject) -> Iterator[Segment]:
    """Yield the segments that a response lists.

    Raises:
        Unavailable: The list cannot be read.
    """
    mapping = response["labelMapping"]
    if not isinstance(mapping, dict):
        raise Unavailable("labelMapping is not an object")
    for label, entries in mapping.items():
        for fields in entries if isinstance(entries, list) else [entries]:
            number = fields.get("index") if isinstance(fields, dict) else None
            if not isinstance(number, int) or isinstance(number, bool):
                raise Unavailable("an entry of labelMapping has no index")
            yield Segment(number, label, fields, isinstance(entries, list))


def index_image(task: Task, response: JSONObject, highest: int) -> IndexImage:
    """Return the index image of a segmentation.

    Args:
        task: The task.
        response: Its response.
        highest: The highest index. More than 255 are only in the image with 24 bits.

    Raises:
        ImportError: Pillow is not installed.
        Unavailable: There is none, or it cannot be read.
    """
    try:
        from PIL import Image  # noqa: PLC0415 - Pillow is optional
    except ImportError:
        raise ImportError('Segmentations need Pillow: pip install "scaleapi[draw]"') from None

    annotations = response.get("annotations")
    combined: Any = annotations.get("combined") if isinstance(annotations, dict) else None
    links = combined if isinstance(combined, dict) else {}
    small, large = links.get("indexedImage"), links.get("extendedIndexedImage")
    content = read(task, large if highest > 255 or not small else small)
    try:
        image = Image.open(BytesIO(content))
        if image.width * image.height > _MOST_PIXELS:
            raise Unavailable(f"its mask has more than {_MOST_PIXELS:,} pixels")
        mode = _MODES.get(image.mode, "RGB")
        return IndexImage(image if image.mode == mode else image.convert(mode))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unavailable("its mask has too many pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, LookupError):
        raise Unavailable("its mask is not an image that can be read") from None
