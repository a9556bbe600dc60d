"""HTML that is safe by type: a string is escaped unless it is already HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from .redaction import bare_link

__all__ = ["Html", "element", "folded", "is_link", "joined", "link", "preformatted", "table"]

#: Characters that XML or UTF-8 cannot represent.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

#: Browsers ignore tabs and newlines in a link, so one with any in its host may hide a login.
_WEB_LINK = re.compile(r"https?://[^\s/?#]+(?:[/?#].*)?", re.DOTALL)

_VOID = frozenset({"br", "img"})

# The line is visible on light and on dark pages. Jupyter aligns cells to the right by default.
_LINE = "1px solid rgba(128,128,128,0.35)"
_CELL = "text-align:left;padding:2px 12px 2px 0"
_VALUE = f"{_CELL};overflow-wrap:anywhere"


class Html(str):
    """A string of HTML, such as the one that `element` returns."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str) -> Html:
    """Return an element.

    Args:
        name: The tag name.
        *content: The content. Strings that are not `Html` are escaped.
        **attributes: The attributes, which are escaped.

    Example:
        >>> element("td", "a < b", style="color:red")
        '<td style="color:red">a &lt; b</td>'
    """
    start = "".join([name, *(f' {key}="{_quoted(text)}"' for key, text in attributes.items())])
    return Html(f"<{start}/>" if name in _VOID else f"<{start}>{joined(content)}</{name}>")


def joined(parts: Iterable[str], separator: str = "") -> Html:
    """Join parts with a separator. Strings that are not `Html` are escaped."""
    return Html(_escaped(separator).join(map(_escaped, parts)))


def is_link(url: str) -> bool:
    """Return whether this is an ``http`` or ``https`` link of reasonable length."""
    return len(url) < 8192 and _WEB_LINK.fullmatch(url) is not None


def link(url: str, text: str) -> Html:
    """Return a link without login, query and fragment, or only the text if it is not a link."""
    if not is_link(url) or not is_link(bare := bare_link(url)):
        return joined([text])
    return element("a", text, href=bare, rel="noreferrer")


def folded(summary: str, content: str) -> Html:
    """Return content that opens when its summary is clicked."""
    return element("details", element("summary", summary), content)


def preformatted(text: str) -> Html:
    """Return text with its line breaks kept. Long text scrolls."""
    style = "max-height:400px;overflow:auto;white-space:pre-wrap;margin:4px 0"
    return element("pre", text, style=style)


def table(caption: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Html:
    """Return a table in which the first cell of each row is its heading.

    Args:
        caption: The caption, or an empty string for none.
        columns: The column headings, or nothing for a table of names and values.
        rows: The cells of each row.
    """
    parts = [element("caption", caption, style="text-align:left;padding:2px 0")] if caption else []
    head = f"{_CELL};white-space:nowrap"
    heads = [element("th", one, scope="col", style=head) for one in columns]
    if heads:
        parts.append(element("thead", element("tr", *heads)))
    # A value may be one long word, such as a link; columns would become as narrow as a character.
    style = _CELL if heads else _VALUE
    parts.append(element("tbody", *(_row(cells, style) for cells in rows)))
    return element("table", *parts, style="border-collapse:collapse;margin:4px 0")


def _row(cells: Iterable[str], style: str) -> Html:
    first, *others = cells
    return element(
        "tr",
        element("th", first, scope="row", style=_CELL),
        *(element("td", one, style=style) for one in others),
        style=f"border-top:{_LINE};background:none",
    )


def _escaped(text: str) -> str:
    return text if isinstance(text, Html) else escape(_FORBIDDEN.sub("\ufffd", text), quote=False)


def _quoted(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))
