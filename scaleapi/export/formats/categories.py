"""Categories: the labels of an export, with ids that do not depend on what was seen first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..._arguments import items_of, shown, whole_number
from ...exceptions import ScaleArgumentError

__all__ = ["Categories", "Category", "labels_of"]

#: The name of the category of annotations without a label.
UNLABELED = "unlabeled"


@dataclass(frozen=True)
class Category:
    """A category.

    Attributes:
        id: Its id in COCO.
        index: Its place among the categories, from 0: its id in YOLO.
        name: The label.
        parent: The label that it is a subchoice of.
    """

    id: int
    index: int
    name: str
    parent: str | None = None


class Categories:
    """The categories of an export, in the order in which the project lists them.

    Args:
        given: What the caller wants: names, whose ids begin at 1, or dicts with ``id`` and
            ``name`` as in COCO. Labels that are not among them are skipped. Without it, there
            is a category for each label of the tasks' parameters, and for each label seen.

    Raises:
        ScaleArgumentError: It is something else, or a name or id occurs twice.
    """

    def __init__(self, given: Iterable[str | Mapping[str, Any]] | None = None) -> None:
        self._by_name: dict[str, Category] = {}
        self._is_closed = given is not None
        for name, number, parent in () if given is None else _given(given):
            ids = {category.id for category in self}
            if name in self._by_name or number in ids:
                what = shown(name) if name in self._by_name else f"the id {number}"
                raise ScaleArgumentError("categories", f"must be different, but {what} is repeated")
            new = max(ids, default=0) + 1 if number is None else number
            self._by_name[name] = Category(new, len(self._by_name), name, parent)

    def __iter__(self) -> Iterator[Category]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def expect(self, params: object) -> None:
        """Add the labels that the parameters of a task or project ask for, in their order."""
        if not self._is_closed:
            for name, parent in labels_of(params):
                self._add(name, parent)

    def find(self, label: object) -> Category | None:
        """Return the category of an annotation's label, ``None`` if it has no place."""
        name = label if isinstance(label, str) else UNLABELED if label is None else str(label)
        name = name or UNLABELED
        found = self._by_name.get(name)
        return found if found is not None or self._is_closed else self._add(name)

    def _add(self, name: str, parent: str | None = None) -> Category:
        if name not in self._by_name:
            index = len(self._by_name)
            self._by_name[name] = Category(index + 1, index, name, parent)
        return self._by_name[name]


def _given(categories: object) -> Iterator[tuple[str, int | None, str | None]]:
    items = items_of(categories)
    if items is None:
        raise ScaleArgumentError("categories", f"must be a list of names, not {shown(categories)}")
    for item in items:
        name, number, parent = item, None, None
        if isinstance(item, Mapping):
            name, parent = item.get("name"), item.get("supercategory")
            number = whole_number(item.get("id"))
            if number is None or number < 1:
                raise ScaleArgumentError(
                    "categories", f"must have ids from 1, not {shown(item.get('id'))}"
                )
        if not isinstance(name, str) or not name:
            raise ScaleArgumentError(
                "categories", f"must be names, or dicts with id and name, not {shown(item)}"
            )
        yield name, number, parent if isinstance(parent, str) and parent else None


def labels_of(params: object) -> Iterator[tuple[str, str | None]]:
    """Yield each label that parameters ask for, and the one that it is a subchoice of."""
    if not isinstance(params, Mapping):
        return
    geometries = params.get("geometries")
    for geometry in geometries.values() if isinstance(geometries, Mapping) else ():
        if isinstance(geometry, Mapping):
            yield from _choices(geometry.get("objects_to_annotate"))
    yield from _choices(params.get("objects_to_annotate"))
    yield from _choices(params.get("labels"))


def _choices(
    choices: object, parent: str | None = None, depth: int = 0
) -> Iterator[tuple[str, str | None]]:
    for one in choices if isinstance(choices, (list, tuple)) and depth < 10 else ():
        if isinstance(one, str) and one:
            yield one, parent
        elif isinstance(one, Mapping):
            name = next(
                (one[key] for key in ("choice", "label", "name") if isinstance(one.get(key), str)),
                None,
            )
            if name:
                yield name, parent
            yield from _choices(one.get("subchoices"), name or parent, depth + 1)
