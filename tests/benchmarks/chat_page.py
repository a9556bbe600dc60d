"""Decode a page of 100 chat tasks (1 MB), and read the text of every message.

In memory: what fetching costs is the same with v1, see ``small_get`` and ``page_of_tasks``. There
are no attachments on the page, since the released package cannot decode them.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from _contest import Turn, arguments, contest, show

TASKS, TURNS = 100, 5
WORDS = "Fill the kettle with equal parts of water and white vinegar, and let it stand. "
LENGTHS = (3, 12)  # of a question and of a response, in times WORDS


def annotation(kind: str, number: int, value: object) -> dict[str, object]:
    return {
        "id": f"an_{kind}_{number}",
        "key": f"{kind}_of_answer",
        "type": kind,
        "title": "How good is the response?",
        "description": "Judge whether it helps the person who asked.",
        "value": value,
    }


def message(role: str, number: int) -> dict[str, object]:
    is_response = role == "assistant"
    return {
        "role": role,
        "source_id": "model_a" if is_response else "user",
        "content": {"text": WORDS * LENGTHS[is_response]},
        "annotations": [
            annotation("integer", number, 4),
            annotation("text", number, "It is complete, and the order is right."),
        ]
        if is_response
        else [],
    }


def task(number: int) -> dict[str, object]:
    turns = [
        {
            "id": f"turn_{number}_{turn}",
            "messages": [message("user", turn), message("assistant", turn)],
            "annotations": [annotation("category", turn, "on topic")],
        }
        for turn in range(TURNS)
    ]
    return {
        "task_id": f"65f0a1b2c3d4e5f6{number:08x}",
        "project": "65f0a1b2c3d4e5f607182930",
        "batch": "65f0a1b2c3d4e5f607182931",
        "status": "completed",
        "created_at": "2026-01-05T10:00:00.000Z",
        "completed_at": "2026-01-05T11:00:00.000Z",
        "metadata": {"row": number},
        "threads": [{"id": f"thread_{number}", "turns": turns, "annotations": []}],
    }


def raw(path: str) -> Turn:
    text = Path(path).read_text("utf-8")

    def turn() -> None:
        messages = [
            message["content"]["text"]
            for task in json.loads(text)["tasks"]
            for thread in task["threads"]
            for turn in thread["turns"]
            for message in turn["messages"]
        ]
        check(messages)

    return turn


def client(path: str) -> Turn:
    from scaleapi.api_client.v2.models import GetTasksResponse

    text = Path(path).read_text("utf-8")

    def turn() -> None:
        page: Any = GetTasksResponse.from_json(text)
        messages = [
            message.content.text
            for task in page.tasks
            for thread in task.threads
            for turn in thread.turns
            for message in turn.messages
        ]
        check(messages)

    return turn


def check(messages: list[str]) -> None:
    assert len(messages) == TASKS * TURNS * len(LENGTHS)
    assert set(map(len, messages)) == {len(WORDS) * length for length in LENGTHS}


def main() -> None:
    options = arguments({"raw": raw, "client": client})
    page = {"tasks": [task(number) for number in range(TASKS)], "next_token": "bmV4dA=="}
    text = json.dumps(page, separators=(",", ":"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.json"
        path.write_text(text, "utf-8")
        results = contest(3 if options.short else 60, str(path), raw={"plain json": "raw"})
    print(f"(a page has {len(text) / 1000:.0f} KB)")
    show("All texts of 100 chat tasks, CPU", results, "cpu", "ms", 1e3)


if __name__ == "__main__":
    main()
