"""What is written for labels in pixels, where no font may have their letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

from .fonts import missing
from .text import LONGEST_NAME, shorten

__all__ = ["spelled"]

#: Lowercase letters of other alphabets and how they are written with English ones.
_ENGLISH: dict[str, str] = dict(
    re.findall(
        r"(\S)=(\S+)",
        """
        ß=ss æ=ae œ=oe ø=o đ=d ð=d ł=l þ=th ı=i ŋ=ng
        а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u
        ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ='' ы=y ь=' э=e ю=yu я=ya
        є=ye і=i ї=yi ґ=g ў=w ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz
        α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y
        φ=f χ=ch ψ=ps ω=o
        \u2044=/ \ufffd=?
        """,
    )
)


def spelled(labels: Iterable[str], font: str | None) -> dict[str, str]:
    """Return what is written for each label, no two of them alike.

    Letters that no font has are transliterated, or replaced by the number of their code point.
    If two labels become alike, one gets a number.

    Args:
        labels: The labels.
        font: The path of the font to prefer.
    """
    labels = [*labels]
    lacking = missing("".join(map(_composed, labels)), font)
    names = {label: shorten(_spelled(_composed(label), lacking), LONGEST_NAME) for label in labels}
    taken = {label for label, name in names.items() if name == label}
    for label, name in names.items():
        if name != label:
            names[label] = _unused(name, taken)
            taken.add(names[label])
    return names


def _composed(label: str) -> str:
    return unicodedata.normalize("NFC", label)


def _spelled(label: str, lacking: set[str]) -> str:
    english = [_english(one) if one in lacking else one for one in label]
    if not "".join(one or "?" for one in english).strip():
        english = [None for _ in label]  # all of it is invisible
    parts: list[str] = []
    for unknown, group in groupby(zip(label, english, strict=True), lambda pair: pair[1] is None):
        if unknown:
            parts.append(f"[{' '.join(f'U+{ord(letter):04X}' for letter, _ in group)}]")
        else:
            parts += [text or "" for _, text in group]
    return "".join(parts)


def _english(letter: str) -> str | None:
    """Return a letter in ASCII, an empty text if it is invisible, ``None`` if nobody knows."""
    if letter.isascii() and letter.isprintable():
        return letter
    if (found := _ENGLISH.get(letter.lower())) is not None:
        return found if letter.islower() else found.capitalize()
    if unicodedata.category(letter) in ("Mn", "Cf"):
        return ""
    parts = unicodedata.normalize("NFKD", letter)
    if parts == letter:
        return None
    known = [_english(part) for part in parts]
    return None if None in known else "".join(part or "" for part in known)


def _unused(name: str, taken: set[str]) -> str:
    number, unused = 1, name
    while unused in taken:
        number += 1
        unused = f"{name} #{number}"
    return unused
