"""A card as an object, for a notebook to show."""

from __future__ import annotations

__all__ = ["Card"]


class Card:
    """What a notebook shows as a card, and everything else as a line of text.

    Args:
        html: The card.
        text: The line.
    """

    def __init__(self, html: str, text: str) -> None:
        self._html = html
        self._text = text

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._text
