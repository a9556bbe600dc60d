"""Tables of v2 chat tasks: every message and every annotation has a row."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from scaleapi import ScaleClient, V2Task
from scaleapi.export import chat_annotation_reader, message_reader
from scaleapi.sandbox import Sandbox


def judged(name: str, value: Any = True, **fields: Any) -> dict[str, Any]:
    return {"id": f"an_{name}", "key": name, "type": "boolean", "value": value, **fields}


TASK: dict[str, Any] = {
    "task_id": "task_1",
    "project": {"id": "p1", "name": "chats"},
    "batch": "b1",
    "status": "completed",
    "created_at": "2026-01-05T10:00:00.000Z",
    "completed_at": "2026-01-05T11:00:00.000Z",
    "threads": [
        {
            "id": "thread_1",
            "annotations": [judged("thread")],
            "turns": [
                {
                    "id": "turn_1",
                    "annotations": [judged("turn", 5, type="integer")],
                    "messages": [
                        {
                            "role": "user",
                            "source_id": "user",
                            "content": {"text": "How do I descale a kettle?"},
                            "annotations": [],
                        },
                        {
                            "role": "assistant",
                            "source_id": "model_a",
                            "content": {
                                "text": "With vinegar.",
                                "attachments": [{"url": "https://a.example/1.png"}],
                                "chunks": [
                                    {"type": "text", "text": "With", "annotations": []},
                                    {
                                        "type": "text",
                                        "text": "vinegar.",
                                        "annotations": [judged("chunk", ["a", {"b": 1}])],
                                    },
                                ],
                            },
                            "model_parameters": {"temperature": 0.5},
                            "annotations": [judged("message", not_applicable=True)],
                            "rubric_evaluations": [
                                {
                                    "total_score": 3,
                                    "annotations": [judged("rubric")],
                                    "criteria_evaluations": [
                                        {"score": 1, "annotations": [judged("criterion")]}
                                    ],
                                }
                            ],
                        },
                    ],
                }
            ],
        }
    ],
}


def chat(**fields: Any) -> V2Task:
    return V2Task.from_dict({**TASK, **fields})


def test_messages() -> None:
    question, answer = message_reader([chat()]).read_all().to_pylist()
    assert question["text"] == "How do I descale a kettle?"
    assert (question["task_id"], question["project"], question["batch"]) == ("task_1", "p1", "b1")
    assert question["completed_at"] == datetime(2026, 1, 5, 11, tzinfo=timezone.utc)
    assert (answer["thread_id"], answer["turn"], answer["turn_id"]) == ("thread_1", 0, "turn_1")
    assert (answer["message"], answer["role"], answer["source_id"]) == (1, "assistant", "model_a")
    assert json.loads(answer["model_parameters"]) == {"temperature": 0.5}
    assert json.loads(answer["attachments"]) == [{"url": "https://a.example/1.png"}]
    assert json.loads(answer["other"]).keys() == {"chunks", "rubric_evaluations"}


def test_annotations() -> None:
    rows = chat_annotation_reader([chat()]).read_all().to_pylist()
    assert [
        (row["level"], row["key"], row["turn"], row["message"], row["chunk"]) for row in rows
    ] == [
        ("thread", "thread", None, None, None),
        ("turn", "turn", 0, None, None),
        ("message", "message", 0, 1, None),
        ("chunk", "chunk", 0, 1, 1),
        ("rubric", "rubric", 0, 1, None),
        ("rubric", "criterion", 0, 1, None),
    ]
    assert [json.loads(row["value"]) for row in rows] == [
        True,
        5,
        True,
        ["a", {"b": 1}],
        True,
        True,
    ]
    assert rows[2]["not_applicable"] is True


@pytest.mark.parametrize(
    "threads", [[], None, "text", [None], [{}], [{"turns": [{"messages": 5}]}]]
)
def test_tasks_without_messages(threads: Any) -> None:
    assert message_reader([chat(threads=threads)]).read_all().num_rows == 0
    assert chat_annotation_reader([chat(threads=threads)]).read_all().num_rows == 0


def test_the_tasks_of_a_project() -> None:
    with Sandbox(transition="immediate") as sandbox:
        client = ScaleClient(sandbox.live_key, api_instance_url=sandbox.url)
        client.create_project("chats", "chat")
        client.v2.create_chat_task(
            project_name="chats", template_variables={"prompt": "How do I descale a kettle?"}
        )
        tasks = list(client.v2.iter_tasks(project_name="chats", opts=["annotation_details"]))
    frame = message_reader(tasks).read_all().to_pandas()
    assert set(frame["role"]) >= {"user", "assistant"}
    assert chat_annotation_reader(tasks).read_all().num_rows > 0
