"""A card as an object that a notebook displays."""

from __future__ import annotations

__all__ = ["Card"]


class Card:
    """A card in a notebook, and a line of text everywhere else.

    Args:
        html: The HTML of the card.
        text: The ``repr``.
    """

    def __init__(self, html: str, text: str) -> None:
        self._html = html
        self._text = text

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._text
