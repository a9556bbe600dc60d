"""For any JSON, the card is safe, limited in size, and does not raise."""

from __future__ import annotations

import math
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleapi import File, Paginator, Project, Task
from scaleapi._model.objects import ApiObject
from scaleapi._notebook import conversation_card
from tests.unit.notebook.reading import read
from tests.unit.notebook.samples import CONVERSATION, OBJECTS, make
from tests.unit.quick import quick

pytestmark = pytest.mark.slow

#: Reading a card back takes much longer than making it.
few = settings(quick, max_examples=int(os.environ.get("CARD_RUNS", "40")))

#: One of each card; the others have that of a file, or that of a task.
KINDS = [(kind, json) for kind, json in OBJECTS if kind in (Task, Project, File)]

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "https://example.net/\"onload='alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/png;base64,AAAA",
    "2024-03-12T18:40:02.511Z",
    "0001-01-01T00:00:00+23:59",
    "2024-99-99T99:99",
    "]]></pre></details></div>",
    "&lt;&#x27;&",
    "\ud800\x00\x0b\ufffe",
    "image",
    "imageannotation",
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(NASTY)
)

#: The keys that cards look for, and others.
KEYS = sorted(
    {
        *(key for _, json in OBJECTS for key in json),
        *CONVERSATION,
        *("annotations", "attachment", "attachments", "attachment_type", "content", "type"),
        *("turns", "messages", "role", "text", "reasoning", "chunks", "rubrics", "value", "title"),
        *("label", "vertices", "left", "width", "url", "name", "s3URL", "attachmentURL", "version"),
    }
)

keys = st.sampled_from(KEYS) | st.text(max_size=10) | st.sampled_from(NASTY)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=12,
)
objects = st.dictionaries(keys, anything, max_size=10)


def mutated(json: object) -> st.SearchStrategy[Any]:
    """Return JSON of this form, in which any part may be replaced."""
    same: st.SearchStrategy[Any] = st.just(json)
    if isinstance(json, dict):
        same = st.fixed_dictionaries({key: mutated(one) for key, one in json.items()})
    elif isinstance(json, list):
        same = st.tuples(*map(mutated, json)).map(list)
    return st.integers(0, 9).flatmap(lambda chance: anything if chance == 0 else same)


def show(kind: type[Any], json: dict[str, Any]) -> str:
    thing = make(kind, {"email": "", "assigned_projects": [], **json})
    thing._json = json
    html: str = thing._repr_html_()
    return html


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
@given(json=objects)
@few
def test_arbitrary_json(kind: type[ApiObject], json: dict[str, Any]) -> None:
    html = show(kind, json)
    read(html)
    assert len(html) < 120_000


@pytest.mark.parametrize(("kind", "json"), KINDS)
def test_json_with_parts_of_other_types(kind: type[ApiObject], json: dict[str, Any]) -> None:
    form = st.fixed_dictionaries({key: mutated(one) for key, one in json.items()})

    @given(form)
    @few
    def run(changed: dict[str, Any]) -> None:
        read(show(kind, changed))

    run()


@given(objects | st.fixed_dictionaries({k: mutated(v) for k, v in CONVERSATION.items()}))
@few
def test_arbitrary_conversations(json: dict[str, Any]) -> None:
    html = conversation_card("Task", "task_id", json)
    read(html)
    assert len(html) < 120_000


@given(st.lists(objects | scalars, max_size=30), scalars)
@few
def test_arbitrary_pages(docs: list[Any], total: Any) -> None:
    kind, _ = OBJECTS[0]
    made = [make(kind, one) if isinstance(one, dict) else one for one in docs]
    read(Paginator(made, total, 100, 0, False)._repr_html_())


def deep(levels: int) -> Any:
    json: Any = []
    for _ in range(levels):
        json = [json, {"annotations": json}] if levels < 50 else [json]
    return json


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
@pytest.mark.parametrize(
    "value",
    [
        deep(100_000),
        10**5000,
        math.nan,
        object(),
        {1: 2, None: {3: object()}},
        [object()],
        b"bytes",
        {"annotations": [deep(100_000)]},
        {"annotations": [{"type": "polygon", "vertices": [{"x": 1, "y": 2}] * 100_000}]},
        {"annotations": ["x" * 1_000_000]},
    ],
    ids=["deep", "digits", "nan", "object", "keys", "objects", "bytes", "in", "large", "long"],
)
def test_values_that_are_not_json(kind: type[ApiObject], value: Any) -> None:
    _, json = next(one for one in OBJECTS if one[0] is kind)
    for key in (*json, "new"):
        html = show(kind, {**json, key: value})
        read(html)
        assert len(html) < 120_000
    conversation = conversation_card("Task", None, {"threads": [{"turns": [value]}, value]})
    read(conversation)
    assert len(conversation) < 120_000


def test_json_that_contains_itself() -> None:
    kind, json = OBJECTS[0]
    endless: list[Any] = []
    endless.append(endless)
    read(show(kind, {**json, "metadata": endless, "response": {"annotations": endless}}))
