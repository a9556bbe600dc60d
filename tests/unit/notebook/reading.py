"""Parse a card like a browser, and reject unsafe content."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

__all__ = ["Reading", "read"]

LOADING = {"script", "style", "link", "iframe", "object", "embed", "base", "meta", "form", "use"}
LINKS = {"href", "src", "xlink:href", "action", "formaction", "data", "srcset"}
INLINE = {"a", "code", "em", "small", "span", "strong", "time"}
GOOD = ("http://", "https://", "data:image/")


class Reading(NamedTuple):
    """The content of a card.

    Attributes:
        tree: Its elements.
        text: What people read, on one line.
        links: Where its links and images lead.
    """

    tree: Element
    text: str
    links: list[str]


class _Reader(HTMLParser):
    """Collect what a browser finds, which may differ from an XML parser."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.links: list[str] = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in LOADING, f"<{tag}> in a card"
        self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), f"{name}={value!r} in a card"
            if name in LINKS:
                assert value is not None
                assert value.startswith(GOOD), f"a card leads to {value[:80]!r}"
                self.links.append(value)
            if name == "style":
                assert value is not None
                assert "url(" not in value
                assert "expression" not in value

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag not in INLINE:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> Reading:
    """Parse a card twice, as HTML and as XML, and check that it is safe."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    html.encode()  # a lone surrogate would end the saving of the notebook
    return Reading(fromstring(html), " ".join("".join(reader.text).split()), reader.links)
