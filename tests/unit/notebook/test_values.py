"""Files, batches and the values of conversations as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi import Batch, File
from scaleapi._notebook import conversation_card
from scaleapi._notebook.values import byte_size, heading
from scaleapi.v2 import Annotation
from tests.unit.notebook.reading import read
from tests.unit.notebook.samples import OBJECTS, make

IMAGE = {"id": "f1", "attachment_url": "https://example.net/a.png", "mime_type": "image/png"}


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 KB"),
        (340_714, "341 KB"),
        (1_550, "1.6 KB"),
        (999_999, "1 MB"),
        (80_000_000, "80 MB"),
        (2_500_000_000, "2.5 GB"),
        *((other, other) for other in (-1, None, True, "5", 1.5)),
    ],
)
def test_sizes_of_files(count: object, text: object) -> None:
    assert byte_size(count) == text


def test_a_file_has_its_size_in_words() -> None:
    json = next(json for kind, json in OBJECTS if kind is File)
    assert "Size 341 KB" in read(make(File, json)._repr_html_()).text


def test_an_image_has_a_thumbnail() -> None:
    (image,) = read(make(File, IMAGE)._repr_html_()).tree.iter("img")
    assert image.get("src") == "https://example.net/a.png"
    assert image.get("loading") == "lazy"


@pytest.mark.parametrize(
    "changes",
    [
        {"attachment_url": "scaledata://65ee/5a0e"},
        {"attachment_url": "javascript:alert(1)"},
        {"mime_type": "video/mp4"},
        {"mime_type": ["image/png"]},
        {"attachment_url": None},
    ],
)
def test_other_files_have_none(changes: dict[str, object]) -> None:
    assert not list(read(make(File, {**IMAGE, **changes})._repr_html_()).tree.iter("img"))


def test_a_thumbnail_has_no_login() -> None:
    url = "https://ada:t0ps3cret@example.net/a.png"
    assert "t0ps3cret" not in make(File, {**IMAGE, "attachment_url": url})._repr_html_()


def batch(**counts: Any) -> Any:
    kind, json = next((kind, json) for kind, json in OBJECTS if kind is Batch)
    made = make(kind, json)
    made._counts = counts
    return read(made._repr_html_())


def test_a_batch_has_a_progress_bar() -> None:
    card = batch(status="in_progress", pending=3, completed=9)
    assert "75% done: 9 of 12" in card.text
    (bar,) = (one for one in card.tree.iter("div") if one.get("role") == "img")
    assert bar.get("aria-label") == "75% done: 9 of 12"
    widths = [(part.get("style") or "").partition("width:")[2] for part in bar]
    assert widths == ["75%", "25%"]


@pytest.mark.parametrize(
    "counts",
    [{"completed": 0}, {"completed": 10**400, "pending": 1}, {"completed": 10**5000}, {"<b>": 5}],
)
def test_a_batch_of_any_counts(counts: dict[str, int]) -> None:
    assert ("No tasks yet" in batch(**counts).text) == (not sum(counts.values()))


def test_values_of_conversations_are_tables() -> None:
    value = {"overall_grade": {"score": 4, "why": "Short and\nright"}, "tags": ["a", "b"]}
    message = {
        "role": "assistant",
        "content": {"text": "3 kg"},
        "annotations": [{"key": "k", "title": "Grade", "value": value}],
        "model_parameters": {"model": "a-1", "api_key": "t0ps3cret", "stop": [{"at": "x"}]},
    }
    html = conversation_card("Task", "task_id", {"threads": [{"turns": [{"messages": [message]}]}]})
    card = read(html)
    assert "Overall grade Score 4 Why Short and right" in card.text
    assert "Model a-1" in card.text
    assert "{" not in card.text
    assert "t0ps3cret" not in html


def test_the_repr_of_an_annotation_has_its_value() -> None:
    base = {"id": "a", "key": "grade", "type": "integer"}
    one, other = (Annotation.from_dict({**base, "value": value}) for value in (3, 4))
    assert repr(one) != repr(other)
    assert "value=3" in repr(one)
    long = Annotation.from_dict({"key": "text", "type": "text", "value": "x" * 10_000})
    assert len(repr(long)) < 200
    assert "value" not in repr(Annotation.from_dict({"key": "grade", "type": "integer"}))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("unique_id", "Unique ID"),
        ("attachment_url", "Attachment URL"),
        ("attachmentS3Downloads", "Attachment S3 downloads"),
        ("createdAt", "Created at"),
        ("idle", "Idle"),
    ],
)
def test_headings(key: str, words: str) -> None:
    assert heading(key) == words


def test_a_file_begins_with_its_name() -> None:
    file = {"id": "f1", "mime_type": "image/png", "display_name": "belt_7.png"}
    html = make(File, file)._repr_html_()
    assert html.index("belt_7.png") < html.index("image/png")
