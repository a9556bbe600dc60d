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
"""The colors of Okabe and Ito, which people tell apart whatever colors they see; with white for
their black, which is the halo."""

HALO = "#000000"
"""What is beside a color on either side: it shows on light pictures, and the color on dark ones."""

TEXT = "#ffffff"
"""Labels and legends, which stand on the color of the halo."""

FILL_OPACITY = 0.2
"""Of what is inside of a shape."""

GROUND_OPACITY = 0.8
"""Of what the legend stands on."""


def color_of(label: str) -> str:
    """Return a label's color. There are more labels than colors, so some share one."""
    return PALETTE[crc32(label.encode("utf-8", "surrogatepass")) % len(PALETTE)]
