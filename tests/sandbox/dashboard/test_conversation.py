"""Chat tasks on the dashboard."""

from __future__ import annotations

from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.sandbox.dashboard.visitor import Visitor
from tests.sandbox.rules.caller import Caller


@pytest.fixture
def task_id(caller: Caller) -> str:
    """A pending chat task of the v2 API."""
    caller.project("chats", type="chat")
    created = caller.session.post(
        caller.url.replace("/v1", "/v2") + "/task/chat",
        json={"project_name": "chats", "template_variables": {"prompt": "Is <b>it</b>?"}},
    )
    found: str = created.json()["task_id"]
    return found


def test_messages(visitor: Visitor, manual: Sandbox, task_id: str) -> None:
    """A completed chat task is a conversation, as the v2 API tells it."""
    path = f"/dashboard/tasks/{task_id}"
    assert "Conversation" not in visitor.open(path).words
    manual.complete(task_id, {"responses": [{"type": "text", "output": "It is."}]})
    words = visitor.open(path).words
    assert "system You answer in one sentence. user Is <b>it</b>? assistant" in words
    assert " It is. " in words


def test_ratings(visitor: Visitor, manual: Sandbox, task_id: str) -> None:
    """Messages, turns and threads are shown with their ratings, in words."""
    manual.complete(task_id)
    words = visitor.open(f"/dashboard/tasks/{task_id}").words
    for text in ("Truthful yes", "Language en", "The answer is brief. weight 2", " of 5 Summary"):
        assert text in words
    assert "Preference model_" in words
    assert " > model_" in words
    assert ": As the criterion says." in words
    assert words.index("Ratings of the turn") < words.index("Ratings of the thread")


@pytest.mark.parametrize(
    ("annotation", "shown"),
    [
        (5, "a?"),
        ({}, "? null"),
        ({"title": "T", "value": [[[[[[["deep"]]]]]]]}, "T …"),
        ({"title": "T", "type": "integer", "value": 2, "possible_values": 7}, "T 2"),
        ({"title": "T", "type": "rubric_rating", "value": {"score": None}}, "T null"),
        ({"title": "T", "type": "rubric_rating", "value": 3, "metadata": 1}, "T 3"),
        ({"title": "T", "value": "x" * 1000}, "x" * 300 + "…"),
        ({"title": "<b>", "value": {"text": "<i>", "label": "claim"}}, "<b> <i> (claim)"),
        ({"title": ["T"], "key": "k", "value": {"a": {"b": 1}}}, 'k { "a": { "b": 1 } }'),
    ],
)
def test_malformed_ratings(
    visitor: Visitor, manual: Sandbox, task_id: str, annotation: Any, shown: str
) -> None:
    message = {"role": "user", "content": {"text": "a?"}, "annotations": [annotation]}
    manual.complete(task_id, {"threads": [{"turns": [{"messages": [message]}]}]})
    assert shown in visitor.open(f"/dashboard/tasks/{task_id}").words


@pytest.mark.parametrize(
    ("response", "shown"),
    [
        ({"responses": 5}, True),
        ({"responses": ["a", {"output": 5}]}, True),
        ({"threads": [1, {"turns": 5}, {"turns": [2, {"messages": {}}]}]}, False),
        ({"threads": [{"turns": [{"messages": [{"content": {"text": ["a"]}}]}]}]}, True),
        ({"sensitive_content_reports": []}, False),
    ],
)
def test_malformed_responses(
    visitor: Visitor, manual: Sandbox, caller: Caller, task_id: str, response: Any, shown: bool
) -> None:
    """What a person has typed may be no conversation: neither the page nor the API fails."""
    manual.complete(task_id, response)
    page = visitor.open(f"/dashboard/tasks/{task_id}")
    assert ("Conversation" in page.words) is shown
    v2 = caller.url.replace("/v1", "/v2")
    assert caller.session.get(f"{v2}/task", params={"task_id": task_id}).status_code == 200
