"""The ``unique_id`` of a row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from scaleapi import ScaleArgumentError
from scaleapi.bulk.unique_ids import UniqueId

ROW: dict[str, Any] = {"id": 17, "attachment": "a.jpg", "metadata": {"camera": "north"}}


class _NoTruth:
    """As an array: it compares to something that is neither true nor false."""

    def __eq__(self, other: object) -> _NoTruth:  # type: ignore[override]  # as numpy has it
        return self

    __hash__ = None  # type: ignore[assignment]  # as numpy has it

    def __bool__(self) -> bool:
        raise ValueError("The truth value is ambiguous")


@pytest.mark.parametrize(
    ("spec", "unique_id"),
    [
        ("id", "17"),
        ("attachment", "a.jpg"),
        ("metadata.camera", "north"),
        ("scan-{id}", "scan-17"),
        ("{metadata.camera}/{id:05}", "north/00017"),
        ("{{{id}}}", "{17}"),
    ],
)
def test_a_column_or_a_template(spec: str, unique_id: str) -> None:
    assert UniqueId(spec).of(ROW, "task") == unique_id


def test_a_whole_number_is_one_in_a_frame_too() -> None:
    assert UniqueId("scan-{id}").of({"id": 17.0}, "task") == "scan-17"
    assert UniqueId("scan-{id}").of({"id": 17.5}, "task") == "scan-17.5"


def test_a_hash_of_the_content() -> None:
    """The same whatever the order of the keys, and another for anything else."""
    spec = UniqueId("scan-{content_hash}")
    backwards = dict(reversed(ROW.items()))
    assert spec.of(ROW, "task") == spec.of(backwards, "task")
    assert spec.of(ROW, "task").startswith("scan-")
    others = [spec.of({**ROW, "id": 18}, "task"), spec.of(ROW, "other")]
    assert len({spec.of(ROW, "task"), *others}) == 3
    assert UniqueId("content_hash").of({"content_hash": "own"}, "task") == "own"


@pytest.mark.parametrize("spec", ["", object(), "{", "}", "{}", "{0!r}", "scan-{{id}}", "{id!s}"])
def test_a_bad_template(spec: object) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^unique_id "):
        UniqueId(spec)


@pytest.mark.parametrize(
    ("spec", "row"),
    [
        ("id", {}),
        ("scan-{id}", {"id": None}),
        ("scan-{id}", {"id": ""}),
        ("a.b", {"a": 5}),
        ("{id:05d}", {"id": "x"}),
        ("id", {"id": ["a"]}),
        ("id", {"id": float("nan")}),
        ("id", {"id": _NoTruth()}),
        ("content_hash", {"a": UUID(int=1)}),
    ],
)
def test_a_row_without_a_unique_id(spec: str, row: dict[str, Any]) -> None:
    with pytest.raises(ScaleArgumentError):
        UniqueId(spec).of(row, "task")


def test_a_template_reaches_nothing_but_columns() -> None:
    with pytest.raises(ScaleArgumentError):
        UniqueId("{id.__class__}").of(ROW, "task")


def test_columns_that_are_no_parameters_are_left_out() -> None:
    row = {"id": 1, "attachment": "a", "x": 2}
    assert UniqueId("{id}-{attachment}").without_columns(row) == {"attachment": "a", "x": 2}
