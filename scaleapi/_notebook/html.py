"""HTML that is safe by type: a string is escaped unless it is HTML already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

__all__ = ["Html", "element", "folded", "is_link", "joined", "link", "preformatted", "table"]

#: What neither XML nor a file in UTF-8 can hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_VOID = frozenset({"br", "img"})

# Lines that show on a light and on a dark page; Jupyter aligns cells to the right by itself.
_LINE = "1px solid rgba(128,128,128,0.35)"
_CELL = "text-align:left;padding:2px 12px 2px 0"


class Html(str):
    """Text that is HTML, such as what `element` returns."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str) -> Html:
    """Return an element.

    Args:
        name: Its name.
        *content: What is in it; what is not `Html` is escaped.
        **attributes: Its attributes, which are escaped.

    Example:
        >>> element("td", "a < b", style="color:red")
        '<td style="color:red">a &lt; b</td>'
    """
    start = "".join([name, *(f' {key}="{_quoted(text)}"' for key, text in attributes.items())])
    return Html(f"<{start}/>" if name in _VOID else f"<{start}>{joined(content)}</{name}>")


def joined(parts: Iterable[str], separator: str = "") -> Html:
    """Return the parts one after the other; what is not `Html` is escaped."""
    return Html(_escaped(separator).join(map(_escaped, parts)))


def is_link(url: str) -> bool:
    """Return whether a browser may go there: nothing but the web, and no endless link."""
    return url.startswith(("http://", "https://")) and len(url) < 8192


def link(url: str, text: str) -> Html:
    """Return a link, or only its text if it leads nowhere that a browser should go."""
    if not is_link(url):
        return joined([text])
    return element("a", text, href=url, rel="noreferrer")


def folded(summary: str, content: str) -> Html:
    """Return what shows when its summary is clicked."""
    return element("details", element("summary", summary), content)


def preformatted(text: str) -> Html:
    """Return text with its lines as they are; if there are many, they scroll."""
    style = "max-height:400px;overflow:auto;white-space:pre-wrap;margin:4px 0"
    return element("pre", text, style=style)


def table(caption: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Html:
    """Return a table, of which the first cell of each row is the row's heading.

    Args:
        caption: What it is about; empty for none.
        columns: The headings of the columns; without any, each row is a heading and its value.
        rows: The cells.
    """
    parts = [element("caption", caption, style="text-align:left;padding:2px 0")] if caption else []
    heads = [element("th", one, scope="col", style=_CELL) for one in columns]
    if heads:
        parts.append(element("thead", element("tr", *heads)))
    parts.append(element("tbody", *map(_row, rows)))
    return element("table", *parts, style="border-collapse:collapse;margin:4px 0")


def _row(cells: Iterable[str]) -> Html:
    first, *others = cells
    return element(
        "tr",
        element("th", first, scope="row", style=_CELL),
        *(element("td", one, style=_CELL) for one in others),
        style=f"border-top:{_LINE};background:none",
    )


def _escaped(text: str) -> str:
    return text if isinstance(text, Html) else escape(_FORBIDDEN.sub("\ufffd", text), quote=False)


def _quoted(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))
