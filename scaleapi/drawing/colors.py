"""Colors of labels, in the order in which labels are first named."""

from __future__ import annotations

__all__ = ["FILL_OPACITY", "GROUND_OPACITY", "HALO", "PALETTE", "TEXT", "color_of"]

PALETTE = (
    *("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#ffffff"),
    *("#885566", "#99ddff", "#bb3300", "#ccbbaa", "#2288ff", "#ffffaa", "#bb1188", "#776644"),
    *("#99cccc", "#ff5577", "#cccc88", "#eeeecc"),
)
"""The colors of Okabe and Ito, with white for their black, which is the color of the halo. The
twelve others were chosen for the greatest smallest distance between any two of the twenty, with
normal color vision, protanopia and deuteranopia."""

HALO = "#000000"
"""The color on either side of a line: it shows on light images, and the line on dark ones."""

TEXT = "#ffffff"
"""The color of labels and legends, which are on the color of the halo."""

FILL_OPACITY = 0.2
"""The opacity of the inside of a shape."""

GROUND_OPACITY = 0.8
"""The opacity of the background of labels and of the legend."""


def color_of(place: int) -> str:
    """Return the color of a label by its place in the order of labels.

    After the last color comes the first again.
    """
    return PALETTE[place % len(PALETTE)]
