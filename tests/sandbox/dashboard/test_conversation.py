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
