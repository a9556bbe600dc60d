"""How different two colors look: CIEDE2000, with normal and with dichromatic color vision."""

from __future__ import annotations

from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import NamedTuple

from scaleapi.drawing.colors import PALETTE

__all__ = ["VISIONS", "Lab", "ciede2000", "lab_of", "smallest_distance"]

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

#: Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VISIONS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}

_XYZ: Matrix = (
    (0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883),
)


class Lab(NamedTuple):
    """A color in CIELAB under D65."""

    lightness: float
    a: float
    b: float


def _times(matrix: Matrix, vector: Triple) -> Triple:
    first, second, third = (
        sum(one * other for one, other in zip(row, vector, strict=True)) for row in matrix
    )
    return first, second, third


def _linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def lab_of(color: str, vision: str = "normal") -> Lab:
    """Return a hexadecimal sRGB color as it is seen with a kind of color vision."""
    red, green, blue = (_linear(value) for value in bytes.fromhex(color[1:]))
    seen = _times(VISIONS[vision], (red, green, blue))
    red, green, blue = (min(max(part, 0.0), 1.0) for part in seen)
    x, y, z = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in _times(_XYZ, (red, green, blue))
    )
    return Lab(116 * y - 16, 500 * (x - y), 200 * (y - z))


def ciede2000(one: Lab, other: Lab) -> float:
    """Return the difference of two colors (Sharma, Wu and Dalal, 2005)."""
    chroma = (hypot(one.a, one.b) + hypot(other.a, other.b)) / 2
    grey = 1.5 - 0.5 * sqrt(chroma**7 / (chroma**7 + 25**7))
    chroma_1, chroma_2 = hypot(one.a * grey, one.b), hypot(other.a * grey, other.b)
    hue_1 = degrees(atan2(one.b, one.a * grey)) % 360 if chroma_1 else 0.0
    hue_2 = degrees(atan2(other.b, other.a * grey)) % 360 if chroma_2 else 0.0
    turn = (hue_2 - hue_1 + 180) % 360 - 180 if chroma_1 * chroma_2 else 0.0
    hue = hue_1 + turn / 2 if chroma_1 * chroma_2 else hue_1 + hue_2
    light, mean = (one.lightness + other.lightness) / 2, (chroma_1 + chroma_2) / 2
    weight = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    by_light = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    lightness = (other.lightness - one.lightness) / by_light
    colorful = (chroma_2 - chroma_1) / (1 + 0.045 * mean)
    hues = 2 * sqrt(chroma_1 * chroma_2) * sin(radians(turn / 2)) / (1 + 0.015 * mean * weight)
    blue = sin(radians(60 * exp(-((((hue % 360) - 275) / 25) ** 2))))
    rotation = -2 * sqrt(mean**7 / (mean**7 + 25**7)) * blue
    return sqrt(lightness**2 + colorful**2 + hues**2 + rotation * colorful * hues)


def smallest_distance(vision: str) -> float:
    """Return the smallest difference of two colors of the palette."""
    seen = [lab_of(color, vision) for color in PALETTE]
    return min(ciede2000(one, other) for one, other in combinations(seen, 2))


if __name__ == "__main__":
    for name in VISIONS:
        print(f"{name:12} {smallest_distance(name):.2f}")  # noqa: T201 - the figure
