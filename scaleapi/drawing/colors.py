"""One color per label, the same in every picture and process."""

from __future__ import annotations

from zlib import crc32

__all__ = ["FILL_OPACITY", "GROUND_OPACITY", "HALO", "PALETTE", "TEXT", "color_of"]

PALETTE = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
    "#ffffff",
)
"""The colors of Okabe and Ito, which can be told apart with any kind of color vision. White
replaces their black, which is the color of the halo."""

HALO = "#000000"
"""The color on either side of a line: it shows on light images, and the line on dark ones."""

TEXT = "#ffffff"
"""The color of labels and legends, which are on the color of the halo."""

FILL_OPACITY = 0.2
"""The opacity of the inside of a shape."""

GROUND_OPACITY = 0.8
"""The opacity of the background of the legend."""


def color_of(label: str) -> str:
    """Return a label's color. With more labels than colors, some labels share one."""
    return PALETTE[crc32(label.encode("utf-8", "surrogatepass")) % len(PALETTE)]
