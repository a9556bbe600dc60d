"""Elements of SVG for pictures that are laid out by hand."""

from __future__ import annotations

from .text import escape

__all__ = ["Markup", "document", "element"]


class Markup(str):
    """A string of SVG, such as the one that `element` returns."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: object) -> Markup:
    """Return an element.

    Args:
        name: The tag name.
        *content: The content. Strings that are not `Markup` are escaped.
        **attributes: The attributes, with ``_`` for ``-``. Numbers have at most three decimals.
    """
    start = "".join(f' {key.replace("_", "-")}="{_text(one)}"' for key, one in attributes.items())
    inside = "".join(one if isinstance(one, Markup) else escape(one) for one in content)
    return Markup(f"<{name}{start}>{inside}</{name}>" if inside else f"<{name}{start}/>")


def document(width: float, height: float, title: str, *content: str) -> str:
    """Return a picture of this size that is as wide as the place where it is shown."""
    return element(
        "svg",
        element("title", title),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_text(width)} {_text(height)}",
        width="100%",
        role="img",
        font_family="sans-serif",
    )


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else escape(str(value))
