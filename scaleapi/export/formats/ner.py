"""Named entities as JSON lines: a text with its spans per line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..._http.response import JSONObject
from ...tasks import Task
from .categories import Categories
from .json_text import to_json
from .records import Modifier, modified
from .report import LISTED_TWICE, Report

__all__ = ["FILE", "write_texts"]

FILE = "annotations.jsonl"


def write_texts(
    tasks: Iterable[Task],
    folder: Path,
    report: Report,
    categories: Categories,
    modifier: Modifier | None,
) -> None:
    """Write the named entities of tasks, with offsets in characters and an exclusive end.

    Args:
        tasks: The tasks.
        folder: The folder of the export.
        report: Counts what becomes of the tasks.
        categories: The labels; further ones are added.
        modifier: Changes annotations before they are written.
    """
    seen = set[str]()
    with (folder / FILE).open("w", encoding="ascii") as file:
        for task in tasks:
            report.tasks += 1
            json_object = task.as_dict()
            task_id = str(json_object.get("task_id") or "")
            params, response = json_object.get("params"), json_object.get("response")
            text = params.get("text") if isinstance(params, dict) else None
            found = response.get("annotations") if isinstance(response, dict) else None
            if task_id and task_id in seen:
                report.skipped_tasks[LISTED_TWICE] += 1
            elif response is None:
                report.skipped_tasks["no response"] += 1
            elif not isinstance(text, str) or not isinstance(found, list):
                report.skipped_tasks["it has no text with a list of annotations"] += 1
            else:
                categories.expect(params)
                record = {"task_id": task_id, "text": text}
                if json_object.get("unique_id"):
                    record["unique_id"] = json_object["unique_id"]
                spans = _spans(task, text, found, report, categories, modifier)
                relations = response.get("relationships") if isinstance(response, dict) else None
                line = {**record, "spans": spans, "relationships": relations or []}
                file.write(to_json(line) + "\n")
                report.images += 1
            seen.add(task_id)


def _spans(
    task: Task,
    text: str,
    annotations: list[Any],
    report: Report,
    categories: Categories,
    modifier: Modifier | None,
) -> list[JSONObject]:
    spans = []
    for place, original in enumerate(annotations):
        annotation = original if isinstance(original, dict) else None
        where = f"{task.id} {annotation.get('id', place) if annotation else place}"
        if annotation is not None and modifier is not None:
            annotation = modified(modifier, annotation, task)
            if annotation is None:
                report.skip("span", "left out by annotation_modifier", where)
                continue
        if annotation is None:
            report.skip("span", "not an annotation", where)
            continue
        offsets = offsets_of(text, annotation)
        category = categories.find(annotation.get("label"))
        if offsets is None:
            report.skip("span", "its offsets do not lead to its text", where)
        elif category is None:
            report.skip("span", "its label is not among the categories", where)
        else:
            start, end, counted = offsets
            if counted:
                report.notes[f"offsets {counted}, converted"] += 1
            report.add("span")
            fields = {**annotation, "start": start, "end": end, "label": category.name}
            spans.append({**fields, "text": text[start:end]})
    return spans


def offsets_of(text: str, annotation: JSONObject) -> tuple[int, int, str] | None:
    """Return where a span is in a text, and how its offsets were counted.

    Args:
        text: The text.
        annotation: The span, with ``start``, ``end`` and usually the ``text`` in there.

    Returns:
        Start and end in characters, the end exclusive, and what differed from that; ``None`` if
        no way to count leads to the text.
    """
    start, end, said = annotation.get("start"), annotation.get("end"), annotation.get("text")
    if not isinstance(start, int) or not isinstance(end, int) or start < 0 or end < 0:
        return None
    ways = (
        (start, end, ""),
        (start, end + 1, "with an inclusive end"),
        (*_characters(text, start, end), "in UTF-16 units"),
        (*_characters(text, start, end + 1), "in UTF-16 units with an inclusive end"),
    )
    for first, last, counted in ways:
        if 0 <= first < last <= len(text) and said in (None, text[first:last]):
            return first, last, counted
    return None


def _characters(text: str, start: int, end: int) -> tuple[int, int]:
    """Return offsets in UTF-16 units as offsets in characters; -1 in the middle of one."""
    units = text.encode("utf-16-le", "surrogatepass")
    found = []
    for offset in (start, end):
        try:
            inside = 2 * offset <= len(units)
            found.append(len(units[: 2 * offset].decode("utf-16-le")) if inside else -1)
        except UnicodeDecodeError:
            found.append(-1)
    return found[0], found[1]
