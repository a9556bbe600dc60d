"""Reading pictures with an XML parser."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from defusedxml import ElementTree

SVG = "{http://www.w3.org/2000/svg}"

#: The allowed elements. None of them can run code or load anything, except for an image.
ELEMENTS = {"svg", "line", "title", "desc", "image", "g", "path", "text", "rect", "circle"}


def read(svg: str) -> Element:
    """Parse a picture as bytes, which cannot contain lone surrogates."""
    return ElementTree.fromstring(svg.encode())


def shapes(root: Element) -> list[Element]:
    """Return the group of each annotation, in the order in which they are drawn."""
    return [group for group in root.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]


def title(element: Element) -> str:
    """Return the title of an element."""
    return element.findtext(f"{SVG}title") or ""


def texts(root: Element) -> list[str]:
    """Return all text on the picture."""
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def view(root: Element) -> list[float]:
    """Return left, top, width and height of the visible area."""
    return [float(number) for number in root.attrib["viewBox"].split()]
