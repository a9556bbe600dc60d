"""Cards of objects in notebooks."""

from __future__ import annotations

import copy
import subprocess
import sys
from typing import Any

import pytest

from scaleapi import Batchlist, Paginator, Tasklist
from scaleapi._model.objects import ApiObject
from scaleapi._notebook import conversation_card
from scaleapi.v2 import Task as V2Task
from tests.unit.notebook.reading import read
from tests.unit.notebook.samples import CONVERSATION, IMAGE, OBJECTS, TASK, make

every_kind = pytest.mark.parametrize(
    ("kind", "json"), OBJECTS, ids=[kind.__name__ for kind, _ in OBJECTS]
)


def task_card(**changes: object) -> str:
    kind, json = OBJECTS[0]
    html: str = make(kind, copy.deepcopy({**json, **changes}))._repr_html_()
    return html


@every_kind
def test_a_card_shows_type_and_id(kind: type[ApiObject], json: dict[str, Any]) -> None:
    card = read(make(kind, json)._repr_html_())
    words = "".join(f" {one.lower()}" if one.isupper() else one for one in kind.__name__).strip()
    heading = card.tree.find("h4")
    assert heading is not None
    assert "".join(heading.itertext()).lower().startswith(words)
    name = heading.find("code")
    assert name is not None
    assert name.text == json[kind._identity or ""]


@every_kind
def test_a_card_shows_every_value(kind: type[ApiObject], json: dict[str, Any]) -> None:
    """All keys are shown, known or not, in a row or folded."""
    card = read(make(kind, json)._repr_html_()).text.replace("_", " ").lower()
    for key, value in json.items():
        if isinstance(value, str) and "T" not in value and "?" not in value and "\n" not in value:
            assert value.replace("_", " ").lower() in card, key


@every_kind
def test_a_card_is_small(kind: type[ApiObject], json: dict[str, Any]) -> None:
    assert len(make(kind, json)._repr_html_().encode()) < 20_000


@every_kind
def test_repr_is_unchanged(kind: type[ApiObject], json: dict[str, Any]) -> None:
    assert repr(make(kind, json)).startswith(f"{kind.__name__}(")
    assert "<" not in repr(make(kind, json))


@every_kind
def test_a_card_changes_nothing(kind: type[ApiObject], json: dict[str, Any]) -> None:
    thing = make(kind, copy.deepcopy(json))
    thing._repr_html_()
    assert thing._json == json


def test_a_task() -> None:
    card = read(task_card())
    assert card.text.startswith("Task 65f0a1b2c3d4e5f60718293a completed")
    for line in (
        "Project parcel_boxes",
        "Batch week_11",
        "Created at 2024-03-12 18:40:02 UTC",
        "Completed at 2024-03-12 19:01:40 UTC",
        "Tags pilot, north",
        'Metadata {"scan": "A-17"}',
        "5 annotations:",
        '"label": "parcel"',
    ):
        assert line in card.text
    folds = [one.text for one in card.tree.iter("summary")]
    assert folds[:3] == ["Response", "Params", "Instruction"]


def test_rows_have_headings() -> None:
    card = read(task_card()).tree
    rows = card.findall("./table/tbody/tr")
    assert len(rows) > 8
    for row in rows:
        assert [cell.tag for cell in row] == ["th", "td"]
        assert row[0].get("scope") == "row"


def test_the_picture_is_loaded_from_the_attachment() -> None:
    """Nothing is fetched; the browser loads the image from the attachment."""
    card = read(task_card())
    svg = "{http://www.w3.org/2000/svg}"
    (image,) = card.tree.iter(f"{svg}image")
    assert image.get("href") == IMAGE
    titles = [one.text or "" for one in card.tree.iter(f"{svg}title")]
    assert any("damaged" in one for one in titles)


def test_a_task_without_annotations_shows_its_image() -> None:
    card = read(task_card(status="pending", response=None))
    (image,) = card.tree.iter("img")
    assert image.get("src") == IMAGE
    assert image.get("alt")


def test_annotations_without_an_image_are_drawn() -> None:
    card = read(task_card(params={}))
    assert "5 annotations" in card.text
    assert not list(card.tree.iter("img"))


def test_a_line_of_a_type_that_has_only_lines() -> None:
    """Its responses do not name the geometry; a polygon would be closed and filled."""
    line = {"label": "tape", "vertices": [{"x": 0, "y": 0}, {"x": 50, "y": 9}, {"x": 90, "y": 0}]}
    response = {"annotations": [line]}
    svg = "{http://www.w3.org/2000/svg}"
    for kind, closed in (("lineannotation", False), ("polygonannotation", True)):
        card = read(task_card(type=kind, response=response))
        paths = [path.get("d") or "" for path in card.tree.iter(f"{svg}path")]
        assert paths
        assert {path.endswith("z") for path in paths} == {closed}


def test_a_stored_attachment_is_loaded_by_its_signed_link() -> None:
    """URLs that a browser cannot load are not used."""
    stored, signed = "scaledata://65ee/5a0e", "https://storage.example.net/a?signature=abc"
    params = {"attachment": stored, "attachment_type": "image"}
    without = read(task_card(params=params, attachmentS3Downloads=None, response=None))
    assert not list(without.tree.iter("img"))
    links = [
        {"attachmentURL": "scaledata://65ee/other", "s3URL": "https://storage.example.net/other"},
        {"attachmentURL": stored, "s3URL": signed},
    ]
    card = read(task_card(params=params, attachmentS3Downloads=links, response=None))
    assert {signed} == {one.get("src") for one in card.tree.iter("img")}
    assert "abc" not in card.text


def test_non_images_are_not_shown_as_images() -> None:
    params = {"attachment": "https://example.net/a.mp4", "attachment_type": "video"}
    assert not list(read(task_card(params=params, response=None)).tree.iter("img"))


@pytest.mark.parametrize("kind", ["attachment", "attachments", "content"])
def test_an_image_among_the_attachments(kind: str) -> None:
    params: dict[str, Any] = {
        "attachment": {"attachment": IMAGE, "attachment_type": "image"},
        "attachments": {"attachments": ["nowhere", IMAGE], "attachment_type": "image"},
        "content": {
            "attachments": [{"type": "text", "content": "x"}, {"type": "image", "content": IMAGE}]
        },
    }[kind]
    if kind == "attachments":
        params["attachments"].pop(0)
    card = read(task_card(type="textcollection", params=params, response=None))
    assert IMAGE in card.links


def test_secrets_are_not_read() -> None:
    """Queries of links may contain signatures, and some keys name secrets."""
    metadata = {"access_token": "t0ps3cret", "note": "see https://user:pa55@example.net/x?sig=t0ps"}
    nested = {"deep": [{"api_key": "t0ps3cret", "more": {"password": "t0ps3cret"}}]}
    for html in (
        task_card(metadata=metadata),
        task_card(metadata=nested),
        task_card(password="t0ps3cret"),
        task_card(instruction="line\nhttps://example.net/?key=t0ps3cret"),
    ):
        text = read(html).text
        assert "abc123" not in text  # the link of the image
        for secret in ("t0ps", "pa55", "hook_secret"):
            assert secret not in html


@pytest.mark.parametrize(
    "key",
    [
        *("Authorization", "callback_auth", "x-api-key", "apiKey", "secretKey", "private_key"),
        *("aws_access_key", "passwords", "Set-Cookie", "credentials", "client_secret"),
    ],
)
def test_keys_that_name_secrets(key: str) -> None:
    for value in ("t0ps3cret", ["t0ps3cret"]):
        assert "t0ps3cret" not in task_card(metadata={key: value})
        assert "t0ps3cret" not in task_card(params={"deep": [{key: value, "more": {"a": {}}}]})
    assert "t0ps3cret" in task_card(metadata={"author": "t0ps3cret", "keyboard": "de"})


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_a_huge_response_is_cut(count: int) -> None:
    """The card says how much is left out."""
    annotations = TASK["response"]["annotations"] * (count // 5)
    html = task_card(response={"annotations": annotations, "links": []})
    assert len(html) < 60_000
    card = read(html)
    assert f"{count:,} annotations:" in card.text
    assert " of them not drawn" in card.text
    assert f"… {count - 20:,} more"[:-10] in card.text


def test_a_huge_value_is_cut() -> None:
    html = task_card(metadata={"text": "x" * 1_000_000}, instruction="y" * 1_000_000)
    assert len(html) < 30_000
    assert "more characters" in read(html).text


def test_many_keys_are_cut() -> None:
    html = task_card(**{f"key_{number}": {"a": [number]} for number in range(5_000)})
    assert len(html) < 60_000
    assert "More (" in read(html).text


def test_a_batch_shows_its_counts() -> None:
    kind, json = OBJECTS[1]
    batch = make(kind, json)
    assert "Tasks" not in read(batch._repr_html_()).text
    batch._counts = {"status": "in_progress", "pending": 3, "completed": 9}
    assert "Tasks 3 pending, 9 completed" in read(batch._repr_html_()).text


def test_a_project_shows_its_latest_version() -> None:
    kind, json = OBJECTS[2]
    card = read(make(kind, json)._repr_html_()).text
    assert "Version 1 Instruction Box parcels tightly" in card
    assert "Older versions (1)" in card


@pytest.mark.parametrize("kind", [Tasklist, Batchlist, Paginator])
def test_a_page_is_a_table(kind: Any) -> None:
    one, json = OBJECTS[0]
    page = kind([make(one, {**json, "task_id": f"t{n}"}) for n in range(25)], 2431, 25, 0, True)
    html = page._repr_html_()
    assert len(html) < 25_000
    card = read(html)
    assert "20 of 25 on this page, 2,431 in total" in card.text
    heads = [cell.text for cell in card.tree.iter("th") if cell.get("scope") == "col"]
    assert heads[:3] == ["Task", "Status", "Type"]
    rows = [cell for cell in card.tree.iter("th") if cell.get("scope") == "row"]
    assert ["".join(cell.itertext()) for cell in rows] == [f"t{n}" for n in range(20)]


@pytest.mark.parametrize("docs", [[], [1, "<b>"], [{"x": 1}]])
def test_a_page_of_anything(docs: list[Any]) -> None:
    page = Paginator(docs, len(docs), 100, 0, False)
    card = read(page._repr_html_())
    assert f"{len(docs)} of {len(docs)} on this page" in card.text
    assert repr(page) == repr(docs)


def test_a_conversation() -> None:
    html = conversation_card("Task", "task_id", CONVERSATION)
    assert len(html) < 20_000
    card = read(html)
    said = [
        "system Answer shortly.",
        "user How heavy is a <parcel>?",
        "assistant model_a Reasoning Parcels of this size are light. About 3 kg.",
        "Is it true? yes; The scales say so.",
        "pick model_b, model_a",
        "Overall 4",
    ]
    places = [card.text.find(one) for one in said]
    assert -1 not in places
    assert "user user" not in card.text
    assert places == sorted(places)
    assert "Project assistant_quality" in card.text
    assert IMAGE in card.links


def test_chunks_do_not_repeat_the_text() -> None:
    """They are parts of the text with their own annotations."""
    chunk = {"type": "text", "text": "3 kg", "annotations": [{"key": "claim", "value": "weight"}]}
    other = {"type": "text", "text": "Not in it.", "annotations": []}
    content = {"text": "About 3 kg.", "chunks": [chunk, other]}
    message = {"role": "assistant", "content": content}
    task = {"threads": [{"turns": [{"messages": [message]}]}]}
    text = read(conversation_card("Task", "task_id", task)).text
    assert text.endswith("assistant About 3 kg. claim weight Not in it.")


def test_a_v2_task_has_the_card_of_a_conversation() -> None:
    html = V2Task.from_dict(CONVERSATION)._repr_html_()
    assert html == conversation_card("Task", "task_id", CONVERSATION)


def test_a_long_conversation_is_cut() -> None:
    task = copy.deepcopy(CONVERSATION)
    messages = task["threads"][0]["turns"][0]["messages"]
    messages *= 1_000
    html = conversation_card("Task", "task_id", task)
    assert len(html) < 30_000
    assert "more parts" in read(html).text


def test_notebook_code_is_loaded_lazily() -> None:
    """The code for cards is loaded when a notebook displays one."""
    code = (
        "import sys, scaleapi\n"
        "loaded = [one for one in sys.modules if 'scaleapi._notebook' in one or 'drawing' in one]\n"
        "assert not loaded, loaded\n"
        "scaleapi.Task({'task_id': 't'}, None)._repr_html_()\n"
        "assert 'scaleapi._notebook' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
