"""Rows of files, frames and iterables."""

from __future__ import annotations

import json
import math
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleArgumentError
from scaleapi.bulk.sources import BadRow, Source


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(rows: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in Source(rows)]


def error_of(rows: Any) -> str:
    """Return what is wrong with the only bad row."""
    (bad,) = [row for row in Source(rows) if isinstance(row, BadRow)]
    return str(bad.error)


def test_csv_columns_nest_and_cells_are_json(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "rows.csv",
        "attachment,metadata.camera,metadata.shot.number,geometries,priority,geometries2.box.min\r\n"
        'a.jpg,north,007,"{""box"": {""objects_to_annotate"": [""a""]}}",30,5\r\n'
        "b.jpg,,,,,\r\n",
    )
    assert read(path) == [
        {
            "attachment": "a.jpg",
            "metadata": {"camera": "north", "shot": {"number": "007"}},
            "geometries": {"box": {"objects_to_annotate": ["a"]}},
            "priority": 30,
            "geometries2": {"box": {"min": 5}},
        },
        {"attachment": "b.jpg"},
    ]
    assert read(str(path)) == read(path)


def test_csv_names_may_have_spaces_around_them(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.csv", "id, attachment , priority\n1,a.jpg,5\n")
    assert read(path) == [{"id": "1", "attachment": "a.jpg", "priority": 5}]


def test_csv_text_stays_text(tmp_path: Path) -> None:
    """A name may look like a number; what Excel puts in front is no part of the first name."""
    path = write(
        tmp_path, "rows.csv", b'\xef\xbb\xbfproject,instruction\n2024,true\n\n\xc3\xa9,"a\nb"\n'
    )
    assert read(path) == [
        {"project": "2024", "instruction": "true"},
        {"project": "é", "instruction": "a\nb"},
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,a\n1,2\n", "two columns named 'a'"),
        ("a,\n1,2\n", "a name for each column"),
        ("a;b\n1;2\n", "separated by commas"),
        (b"a,b\n1,\xff\n", "line 2: not UTF-8"),
        (b"a,b\n" + b"1,2\n" * 5_000 + b"1,\xff\n", "line 5002: not UTF-8"),
        ('a,b\n1,"2\n', "line 2"),
        ("a,b\n1," + "x" * 140_000 + "\n", "use a .jsonl file"),
    ],
)
def test_a_csv_file_that_cannot_be_read(tmp_path: Path, text: str | bytes, problem: str) -> None:
    with pytest.raises(ScaleArgumentError, match=problem):
        read(write(tmp_path, "rows.csv", text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,b\n1,2,3\n", "line 2: 3 cells for 2 columns"),
        ("a,b\n1,[2\n", "b begins like JSON and is not"),
        ("a,a.b\n1,2\n", "the column 'a' is not an object"),
        ('a,a.b\n"{""b"": 1}",2\n', "a.b is set by two columns"),
    ],
)
def test_a_bad_row_of_a_csv_file(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in error_of(write(tmp_path, "rows.csv", text))


def test_json_files(tmp_path: Path) -> None:
    rows = [{"a": {"b.c": [1]}}, {"a": None}]
    lines = "\n\n".join(map(json.dumps, rows))
    assert read(write(tmp_path, "rows.jsonl", "\ufeff" + lines + "\n")) == rows
    assert read(write(tmp_path, "rows.ndjson", lines)) == rows
    assert read(write(tmp_path, "rows.json", json.dumps(rows))) == rows


def test_bad_json(tmp_path: Path) -> None:
    assert "line 2: not JSON" in error_of(write(tmp_path, "a.jsonl", '{"a": 1}\n{"a": \n'))
    assert "must be dicts, not list" in error_of(write(tmp_path, "b.jsonl", "[1]\n"))
    with pytest.raises(ScaleArgumentError, match="must be a JSON array"):
        read(write(tmp_path, "c.json", '{"a": 1}'))
    with pytest.raises(ScaleArgumentError, match=r"must be JSON: .*d\.json"):
        read(write(tmp_path, "d.json", "[" * 100_000))


@pytest.mark.parametrize("rows", [{"a": 1}, b"rows.csv", 5, None, "rows.xlsx", "", "a\0.csv"])
def test_what_is_no_rows(rows: object) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^rows "):
        Source(rows)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ScaleArgumentError, match=r"no_such\.csv"):
        Source("no_such.csv")


@pytest.mark.slow  # these libraries take seconds to load
def test_frames() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    columns = {
        "attachment": ["a.jpg", "b.jpg"],
        "priority": [10.0, None],
        "metadata.camera": ["north", None],
        "geometries": ['{"box": {}}', None],
    }
    expected = [
        {
            "attachment": "a.jpg",
            "priority": 10.0,
            "metadata": {"camera": "north"},
            "geometries": {"box": {}},
        },
        {"attachment": "b.jpg"},
    ]
    arrow = pytest.importorskip("pyarrow").table(columns)
    for frame in (pandas.DataFrame(columns), polars.DataFrame(columns), arrow):
        assert read(frame) == expected
        assert Source(frame).count() == 2


@pytest.mark.slow
def test_cells_of_frames_are_what_json_has() -> None:
    """Times are text, empty cells of all kinds are left out, and objects have their own keys."""
    pandas, numpy = pytest.importorskip("pandas"), pytest.importorskip("numpy")
    arrow = pytest.importorskip("pyarrow")
    polars = pytest.importorskip("polars")
    times = [datetime(2024, 5, 1, 12, tzinfo=timezone.utc), None]
    columns = {"a": [{"x": 1, "in": [{"z": None}]}, {"y": 2}], "t": times, "n": [math.nan, 1.5]}
    expected = [
        {"a": {"x": 1, "in": [{}]}, "t": "2024-05-01T12:00:00+00:00"},
        {"a": {"y": 2}, "n": 1.5},
    ]
    assert read(arrow.table(columns)) == expected
    schema = {
        "a": polars.Struct(
            {"x": int, "in": polars.List(polars.Struct({"z": int})), "y": int},
        )
    }
    assert read(polars.DataFrame(columns, schema_overrides=schema)) == expected
    frame = pandas.DataFrame(columns)
    assert read(frame) == [{**expected[0], "a": columns["a"][0]}, expected[1]]
    frame = pandas.DataFrame(
        {
            "a": pandas.array([None, 3], dtype="Int64"),
            "b": [{"x": 1}, "text"],
            "c": [numpy.arange(2), numpy.int64(7)],
            "d": [pandas.NaT, pandas.NA],
        }
    )
    assert read(frame) == [{"b": {"x": 1}, "c": [0, 1]}, {"a": 3, "b": "text", "c": 7}]


@pytest.mark.slow
def test_what_is_no_frame_after_all() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    arrow = pytest.importorskip("pyarrow")
    for series in (pandas.Series([1]), polars.Series([1])):
        if not hasattr(series, "__arrow_c_stream__"):  # to pandas 2, it is a list of numbers
            continue
        with pytest.raises(ScaleArgumentError, match="must be a data frame with columns"):
            read(series)
    twice = pandas.DataFrame([[1, 2]], columns=["a", "a"])
    for frame in (twice, arrow.table([[1], [2]], names=["a", "a"])):
        with pytest.raises(ScaleArgumentError, match="two columns named 'a'"):
            read(frame)


@pytest.mark.slow
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_without_arrow(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = pytest.importorskip(library)
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    frame = module.DataFrame({"a": ["x", "y"], "n.m": [1.5, None]})
    assert read(frame) == [{"a": "x", "n": {"m": 1.5}}, {"a": "y"}]


def test_rows_are_counted_where_that_is_possible(tmp_path: Path) -> None:
    assert Source(write(tmp_path, "rows.csv", "a\n1\n2\n")).count() == 2
    assert Source([{}, {}]).count() == 2
    assert Source({} for _ in range(3)).count() is None
