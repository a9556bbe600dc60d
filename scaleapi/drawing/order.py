"""The order of a task's labels, which decides their colors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

__all__ = ["labels_of"]

_LISTS = ("objects_to_annotate", "labels", "features", "events_to_annotate")
_NAMES = ("choice", "label", "name", "type")
_DEEPEST = 20


def labels_of(params: object) -> list[str]:
    """Return the labels that a task asks for, in the order in which it names them.

    Args:
        params: The task's parameters: ``geometries`` with ``objects_to_annotate``, or ``labels``,
            or ``features``. Anything else names no labels.

    Example:
        >>> labels_of({"geometries": {"box": {"objects_to_annotate": ["car", "bus"]}}})
        ['car', 'bus']
    """
    return list(dict.fromkeys(_labels(params)))


def _labels(params: object) -> Iterator[str]:
    if not isinstance(params, dict):
        return
    geometries = params.get("geometries")
    if isinstance(geometries, dict):
        for geometry in geometries.values():
            yield from _labels(geometry)
    for key in _LISTS:
        yield from _choices(params.get(key), 0)


def _choices(choices: object, depth: int) -> Iterator[str]:
    if not isinstance(choices, list) or depth > _DEEPEST:
        return
    for one in choices:
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            if one.get("subchoices"):
                yield from _choices(one["subchoices"], depth + 1)
            else:
                names = (one[key] for key in _NAMES if isinstance(one.get(key), str))
                yield from islice(names, 1)
