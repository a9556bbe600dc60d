"""Reading Pascal VOC."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from xml.etree import ElementTree as ET

from ...exceptions import ScaleArgumentError
from .prelabels import Prelabels, box, rotated_box
from .shapes import Rectangle

__all__ = ["parsed", "read_voc"]


def parsed(path: Path) -> ET.Element:
    """Return the root of an XML file.

    Raises:
        OSError: It cannot be read.
        ScaleArgumentError: It is not XML.
    """
    try:
        # A file of the caller's. Expat itself limits what entities expand to.
        return ET.parse(path).getroot()  # noqa: S314
    except ET.ParseError as error:
        raise ScaleArgumentError("path", f"has {path.name}, which is not XML: {error}") from None


def read_voc(path: Path, base: int) -> Prelabels:
    """Return the annotations of a folder with ``Annotations``.

    Args:
        path: The folder.
        base: The coordinate of the first pixel; with 1, the ends are inclusive.

    Raises:
        OSError: A file cannot be read.
        ScaleArgumentError: It is not such a folder.
    """
    files = sorted((path / "Annotations").glob("*.xml"))
    if not files:
        raise ScaleArgumentError("path", "must be a folder with XML files in a folder Annotations")
    prelabels = Prelabels("voc")
    for file in files:
        root = parsed(file)
        name = root.findtext("filename") or f"{file.stem}.jpg"
        prelabels.expect(name)
        for found in root.iter("object"):
            label = found.findtext("name")
            if not label:
                prelabels.report.skip("unknown", "it has no name", file.name)
                continue
            try:
                geometry = _geometry(found, base)
            except ValueError:
                reason = "a field of its geometry is missing or not a number"
                prelabels.report.skip("unknown", reason, file.name)
                continue
            attributes = {
                one.findtext("name") or "": one.findtext("value") or ""
                for one in found.iterfind("attributes/attribute")
            }
            prelabels.add(name, geometry, label, attributes)
    return prelabels


def _geometry(found: ET.Element, base: int) -> dict[str, object]:
    rotated = found.find("robndbox")
    if rotated is not None:
        x, y, width, height, angle = _numbers(rotated, "cx", "cy", "w", "h", "angle")
        return rotated_box(Rectangle(x - width / 2, y - height / 2, width, height, angle))
    frame = found.find("bndbox")
    if frame is None:
        raise ValueError
    left, top, right, bottom = _numbers(frame, "xmin", "ymin", "xmax", "ymax")
    left, top = left - base, top - base
    if right < left or bottom < top:
        raise ValueError
    return box(left, top, right - left, bottom - top)


def _numbers(element: ET.Element, *names: str) -> list[float]:
    values = [float(element.findtext(name) or "nan") for name in names]
    if not all(map(isfinite, values)):
        raise ValueError
    return values
