"""Reading YOLO: the text files of Ultralytics."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from pathlib import Path

from ..._arguments import strings_of
from ...exceptions import ScaleArgumentError
from .files import size_from
from .headers import read_header
from .prelabels import Prelabels, box, box_of, polygon

__all__ = ["read_yolo"]

_SEQUENCE = re.compile(r"\s*-\s+(?P<name>.*)|\s+['\"]?(?P<number>\d+)['\"]?\s*:\s*(?P<text>.*)")


def read_yolo(
    path: Path, format: str, categories: Iterable[str] | None, image_size: Mapping[str, object]
) -> Prelabels:
    """Return the annotations of a folder with ``labels`` and ``data.yaml``.

    Args:
        path: The folder.
        format: What the lines are: ``"yolo"``, ``"yolo-obb"`` or ``"yolo-seg"``.
        categories: The labels.
        image_size: The sizes of the images.

    Raises:
        OSError: A file cannot be read.
        ScaleArgumentError: The labels or the size of an image are unknown.
    """
    labels = path / "labels"
    if not labels.is_dir():
        raise ScaleArgumentError("path", "must be a folder with a folder named labels")
    names = dict(enumerate(strings_of("categories", categories))) if categories else _names(path)
    images = {file.stem: file for file in (path / "images").glob("*") if file.is_file()}
    prelabels = Prelabels(format)
    for file in sorted(labels.glob("*.txt")):
        name = images[file.stem].name if file.stem in images else f"{file.stem}.jpg"
        size = _size(file.stem, images.get(file.stem), image_size)
        prelabels.expect(name)
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if line.strip():
                _add(prelabels, name, line.split(), names, size, f"{file.name}:{number}")
    return prelabels


def _size(stem: str, image: Path | None, image_size: Mapping[str, object]) -> tuple[int, int]:
    for key, value in image_size.items():
        if Path(key).stem == stem or key == stem:
            return size_from(value)
    header = read_header(image.read_bytes()) if image else None
    if header is None:
        problem = f"must have the size of {stem}, whose image is not in the folder images"
        raise ScaleArgumentError("image_size", problem)
    return header.width, header.height


def _add(
    prelabels: Prelabels,
    name: str,
    tokens: list[str],
    names: Mapping[int, str],
    size: tuple[int, int],
    where: str,
) -> None:
    kind = prelabels.report.format
    try:
        number, values = int(tokens[0]), [float(token) for token in tokens[1:]]
    except ValueError:
        number, values = -1, []
    fits = {"yolo": len(values) in (4, 5), "yolo-obb": len(values) in (8, 9)}
    if not fits.get(kind, len(values) >= 6) or not all(map(isfinite, values)):
        prelabels.report.skip("unknown", f"its line is not one of {kind}", where)
        return
    if number not in names:
        prelabels.report.skip("unknown", "there is no label with its number", where)
        return
    width, height = size
    if kind == "yolo":
        x, y, w, h = values[0] * width, values[1] * height, values[2] * width, values[3] * height
        prelabels.add(name, box(x - w / 2, y - h / 2, w, h), names[number])
        return
    # A last number alone is the confidence of a prediction.
    pairs = zip(values[::2], values[1::2], strict=False)
    points = [(x * width, y * height) for x, y in pairs]
    if kind == "yolo-seg":
        prelabels.add(name, polygon(points), names[number])
    else:
        geometry, reason, error = box_of(points)
        prelabels.add(name, geometry, names[number], None, reason, error)


def _names(path: Path) -> dict[int, str]:
    """Return the names in ``data.yaml``: a list in either style, or a mapping from numbers."""
    file = path / "data.yaml"
    if not file.exists():
        raise ScaleArgumentError("categories", f"must be given, since there is no {file}")
    lines = iter(file.read_text("utf-8").splitlines())
    found: dict[int, str] = {}
    for line in lines:
        key, _, rest = line.partition(":")
        if key != "names":
            continue
        if rest.strip().startswith("["):
            return dict(enumerate(_flow(rest[: rest.rfind("]")])))
        for following in lines:
            match = _SEQUENCE.fullmatch(following)
            if match is None:
                if following.strip():
                    break
                continue
            number = len(found) if match["number"] is None else int(match["number"])
            found[number] = _scalar(match["name"] if match["number"] is None else match["text"])
    if not found:
        raise ScaleArgumentError("categories", "must be given, since data.yaml has no names")
    return found


def _flow(text: str) -> Iterator[str]:
    for part in re.findall(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^,\[\]]+", text):
        if part.strip():
            yield _scalar(part)


def _scalar(text: str) -> str:
    """Return what a scalar of YAML says."""
    text = text.strip()
    if text.startswith('"'):
        try:
            return str(json.JSONDecoder().raw_decode(text)[0])
        except ValueError:
            return text.strip('"')
    if match := re.match(r"'((?:[^']|'')*)'", text):
        return match[1].replace("''", "'")
    return text.split(" #")[0].strip()
