"""Named entities as JSON lines, with offsets that lead to their text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scaleapi import Task
from tests.unit.formats.samples import export, task

TEXT = "😀 Ann lives in Paris."


def entities(*annotations: Any, text: str = TEXT, **fields: Any) -> Task:
    response = {"annotations": [*annotations], "relationships": [{"name": "lives in"}]}
    params = {"text": text, "labels": [{"name": "person"}, {"name": "place"}]}
    return task(type="namedentityrecognition", response=response, params=params, **fields)


def span(start: Any, end: Any, text: Any = "Ann", label: str = "person") -> dict[str, Any]:
    return {"id": "1", "start": start, "end": end, "text": text, "label": label}


def lines(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "annotations.jsonl").read_text("ascii")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("start", "end", "note"),
    [
        (2, 5, None),
        (2, 4, "offsets with an inclusive end, converted"),
        (3, 6, "offsets in UTF-16 units, converted"),
        (3, 5, "offsets in UTF-16 units with an inclusive end, converted"),
    ],
)
def test_offsets_are_checked(tmp_path: Path, start: int, end: int, note: str | None) -> None:
    report = export(tmp_path / "out", "ner", entities(span(start, end)))
    (line,) = lines(tmp_path / "out")
    (found,) = line["spans"]
    assert (found["start"], found["end"]) == (2, 5)
    assert line["text"][found["start"] : found["end"]] == "Ann"
    assert report.written == {"span": 1}
    assert [*report.notes] == [note] * bool(note)
    assert line["relationships"] == [{"name": "lives in"}]


@pytest.mark.parametrize(
    "broken",
    [
        None, 7, {}, span(0, 3), span(-1, 3), span(2, 500), span(5, 2), span("2", 5),
        span(2, 5, "Bob"), span(1, 1, ""), span(None, None), span(2.0, 5), span(True, 5),
    ],
)  # fmt: skip
def test_offsets_that_lead_elsewhere_are_skipped(tmp_path: Path, broken: Any) -> None:
    report = export(tmp_path / "out", "ner", entities(span(2, 5), broken))
    assert report.written == {"span": 1}
    assert report.skipped == {"span": 1}
    assert len(lines(tmp_path / "out")[0]["spans"]) == 1


def test_texts_without_entities_are_kept_and_other_tasks_are_counted(tmp_path: Path) -> None:
    pending = entities(task_id="t2")
    del pending.as_dict()["response"]
    report = export(
        tmp_path / "out", "ner", entities(unique_id="a"), pending, task(task_id="t3"), entities()
    )
    assert [line["unique_id"] for line in lines(tmp_path / "out")] == ["a"]
    assert sum(report.skipped_tasks.values()) == 3


def test_halves_of_characters_are_no_end(tmp_path: Path) -> None:
    report = export(tmp_path / "out", "ner", entities(span(1, 6, None, "x"), text="\ud83d😀😀"))
    assert report.annotations == 1
    lines(tmp_path / "out")


def test_labels_and_changes(tmp_path: Path) -> None:
    one = entities(span(2, 5), span(15, 20, "Paris", "place"))
    report = export(
        tmp_path / "out", "ner", one, categories=["person"],
        annotation_modifier=lambda annotation, task: {**annotation, "by": task.id},
    )  # fmt: skip
    (found,) = lines(tmp_path / "out")[0]["spans"]
    assert (found["label"], found["by"]) == ("person", "t1")
    assert report.skipped == {"span": 1}
