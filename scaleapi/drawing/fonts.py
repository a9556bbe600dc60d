"""Fonts for pictures in pixels: the one in Pillow, those of the system, and one that is given.

The font in Pillow has the letters of English and little else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ..exceptions import ScaleArgumentError

__all__ = ["checked", "has", "load", "missing", "runs", "system_fonts"]

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_SUFFIXES = (".otf", ".ttc", ".ttf")

#: The most fonts of a system that are looked at. Opening one takes about a millisecond.
_MOST = 1_000

#: Words in the names of fonts for special purposes, which are looked at last.
_SPECIAL = ("bold", "italic", "oblique", "mono", "serif", "condensed", "light", "thin", "black")

#: A code point that is never assigned: fonts draw it as they draw every letter that they lack.
_UNASSIGNED = "\U0010ffff"

_PROBE_SIZE = 24


def checked(font: object) -> str | None:
    """Return the path of a font that a caller gave.

    Args:
        font: The path, or ``None``.

    Raises:
        ScaleArgumentError: If there is no font at this path.
    """
    if font is None:
        return None
    problem = "must be the path of a TrueType or OpenType font"
    path = os.fspath(font) if isinstance(font, (str, os.PathLike)) else font
    if not isinstance(path, str):
        raise ScaleArgumentError("font", f"{problem}, not {type(font).__name__}")
    if _probe(path) is None:
        raise ScaleArgumentError("font", f"{problem}, and {path!r} cannot be read as one")
    return path


def load(path: str | None, size: float) -> Font:
    """Return a font.

    Args:
        path: The path of its file, or ``None`` for the font in Pillow.
        size: The height of letters in pixels.
    """
    size = max(1, size)
    return ImageFont.load_default(size) if path is None else ImageFont.truetype(path, size)


def runs(text: str, font: str | None) -> list[tuple[str, str | None]]:
    """Split a text into pieces of one font each; if a font has all of it, into one piece.

    Args:
        text: The text.
        font: The path of the font to prefer.

    Returns:
        The pieces in the order of the text, each with the path of its font.
    """
    for path in _chain(font):
        if all(has(path, character) for character in _visible(text)):
            return [(text, path)]
    fonts = [*_chain(font)]
    pieces: list[tuple[str, str | None]] = []
    for character in text:
        if pieces and (character.isspace() or has(pieces[-1][1], character)):
            pieces[-1] = pieces[-1][0] + character, pieces[-1][1]
        else:
            found = (path for path in fonts if has(path, character))
            pieces.append((character, next(found, None)))
    return pieces


def missing(text: str, font: str | None) -> set[str]:
    """Return the characters of a text that no font has."""
    left = _visible(text)
    for path in _chain(font):
        left = {character for character in left if not has(path, character)}
        if not left:
            break
    return left


@lru_cache(maxsize=100_000)
def has(path: str | None, character: str) -> bool:
    """Return whether a font has a visible glyph of its own for a character."""
    probe = _probe(path)
    if probe is None:
        return False
    font, lacking = probe
    glyph = _glyph(font, character)
    return any(glyph) and glyph != lacking


def system_fonts() -> tuple[str, ...]:
    """Return the paths of the fonts on this machine, ordinary ones first."""
    return _files(tuple(_folders()))


def _chain(font: str | None) -> Iterator[str | None]:
    """Yield the fonts in the order in which they are tried."""
    if font is not None:
        yield font
    yield None
    yield from system_fonts()


def _visible(text: str) -> set[str]:
    return {character for character in text if not character.isspace()}


@lru_cache(maxsize=64)
def _probe(path: str | None) -> tuple[Font, bytes] | None:
    """Return a font and how it draws what it lacks, ``None`` if Pillow cannot read the font."""
    try:
        font = load(path, _PROBE_SIZE)
        return font, _glyph(font, _UNASSIGNED)
    except (OSError, ValueError):  # as of a font that has only bitmaps of another size
        return None


def _glyph(font: Font, character: str) -> bytes:
    canvas = Image.new("L", (2 * _PROBE_SIZE, 2 * _PROBE_SIZE))
    place = _PROBE_SIZE / 2, 1.5 * _PROBE_SIZE
    ImageDraw.Draw(canvas).text(place, character, 255, font, anchor="ls")
    return canvas.tobytes()


@lru_cache(maxsize=8)
def _files(folders: tuple[Path, ...]) -> tuple[str, ...]:
    found = {str(path) for folder in folders for path in _fonts_in(folder)}
    return tuple(sorted(found, key=_rank)[:_MOST])


def _fonts_in(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names if name.lower().endswith(_SUFFIXES))


def _rank(path: str) -> tuple[bool, int, str]:
    name = Path(path).stem.lower()
    # The font LastResort has the same glyph for all letters of a script.
    special = "lastresort" in name or any(word in name for word in _SPECIAL)
    return special, len(name), path


def _folders() -> list[Path]:
    """Return the folders where systems keep fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))
        return [
            Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts"),
            Path(local, "Microsoft", "Windows", "Fonts"),
        ]
    if sys.platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    mine = os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [home / ".fonts", *(Path(one, "fonts") for one in [mine, *shared.split(":")])]
