"""Which known name a misspelled one was meant to be."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["closest", "words_of"]

#: Names of the same thing elsewhere, in the singular: in other calls, in fields of files, in older
#: documentation.
_OTHER_NAMES = {
    "attachmenturl": ("attachment", "attachments"),
    "batchname": ("batch",),
    "callback": ("callback_url",),
    "meta": ("metadata",),
    "projectname": ("project",),
}

_LONGEST = 64  # characters of a name that is looked at


def closest(name: str, known: frozenset[str], words: frozenset[str]) -> str | None:
    """Return the known name that a name was meant to be, ``None`` if it is close to none.

    A name that is close by chance must not be found: the service may have parameters that are
    not known here.

    Args:
        name: The name, not a known one.
        known: The known names.
        words: Words that are spelt right. A name of such words alone has no typing error.
    """
    if len(name) > _LONGEST:
        return None
    bare = _bare(name)
    same, singulars = _forms(known)
    singular = _singular(bare)
    others = _OTHER_NAMES.get(singular, ())
    for other in others if singular == bare else reversed(others):
        if other in known:
            return other
    if bare in same:
        return same[bare]
    if singular in singulars:
        return singulars[singular]
    own = set(words_of(name))
    if words >= own:
        return None
    near = [
        original
        for one, original in same.items()
        if _near(bare, one)
        and _has_same_words(name, original)
        and not own > set(words_of(original))  # geometries_v2 is another name
    ]
    return min(near, key=lambda one: _distance(bare, _bare(one)), default=None)


@lru_cache(maxsize=64)
def _forms(known: frozenset[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return known names by their bare form, and by the singular of it."""
    same = {_bare(one): one for one in sorted(known)}
    return same, {_singular(one): original for one, original in same.items()}


def words_of(name: str) -> list[str]:
    """Return the words of ``attachment_type`` or ``paddingX``, in lower case."""
    return [word.lower() for word in re.findall(r"[A-Z]?[^A-Z_]+|[A-Z]+", name)]


def _bare(name: str) -> str:
    """Return a name without what differs between callbackUrl, callback-url and callback_url."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith(("xes", "ses", "hes")):
        return name[:-2]
    return name.removesuffix("s")


def _near(name: str, known: str) -> bool:
    """Return whether a name is a typing error away from another.

    One error in 4 letters or more, two in 9 or more. In 5 letters or fewer, one letter for
    another makes a different word: patch and batch.
    """
    length = min(len(name), len(known))
    allowed = 2 if length >= 9 else 1 if length >= 4 else 0
    if abs(len(name) - len(known)) > allowed or _distance(name, known) > allowed:
        return False
    return length > 5 or len(name) != len(known) or sorted(name) == sorted(known)


def _has_same_words(name: str, known: str) -> bool:
    """Return whether no word of a name is another one: extrinsics or range for intrinsics or rate.

    Two errors in the same word are typing errors only if it is long and begins as it should.
    """
    words, wanted = words_of(name), words_of(known)
    if len(words) != len(wanted):
        words, wanted = [_bare(name)], [_bare(known)]
    return all(
        _distance(one, other) < 2 or (min(len(one), len(other)) >= 9 and one[0] == other[0])
        for one, other in zip(words, wanted, strict=True)
    )


def _distance(one: str, other: str) -> int:
    """Return how many letters were left out, added, changed or swapped with the next."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
