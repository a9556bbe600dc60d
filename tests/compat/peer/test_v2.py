"""The 25 operations of v2 with this client and the released one.

See ``test_peer`` for how the released one is found.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scaleapi.sandbox import Sandbox
from tests.compat.peer.test_peer import RELEASED

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).parent / "programs" / "v2" / "operations.py"

#: Results by operation, in the order in which they were printed.
Told = dict[str, list[dict[str, Any]]]


def annotation(kind: str, value: object, **more: object) -> dict[str, object]:
    return {"id": f"an_{kind}", "key": kind, "type": kind, "value": value, **more}


#: A conversation with all that 2.18.4 can decode: no attachment, and no file by itself.
THREADS = [
    {
        "id": "thread_1",
        "annotations": [
            annotation("boolean", True, possible_values=[True, False]),
            annotation("integer", 4, possible_values=[1, 4], labels=["bad", "good"]),
            annotation("text", "Fine.", title="Overall", justification="It is."),
        ],
        "turns": [
            {
                "id": "turn_1",
                "annotations": [
                    annotation("category", "en"),
                    annotation("category_multiple", ["a", "b"], not_applicable=False),
                    annotation("ranked_choices", ["b", "a"]),
                    annotation("ranked_groups", [["b"], ["a", "c"]]),
                    annotation("rubric_criteria", {"weight": 2, "of_the_project": [1]}),
                    annotation("labeled_text", [{"label": "l", "text": "t"}]),
                ],
                "messages": [
                    {
                        "role": "user",
                        "source_id": "user",
                        "content": {"text": "Which river is longest?"},
                        "annotations": [],
                    },
                    {
                        "role": "assistant",
                        "source_id": "model_a",
                        "content": {
                            "text": "The Nile.",
                            "chunks": [{"type": "text", "text": "The", "annotations": []}],
                            "reasoning": [{"content": "Rivers."}],
                        },
                        "model_parameters": {"model": "m", "temperature": 0.5, "top_k": 3},
                        "annotations": [
                            annotation(
                                "rubric_rating",
                                {"score": 1.5, "color": "red"},
                                metadata={"criteria": "an_rubric_criteria"},
                            ),
                            annotation("file", [{"url": "https://example.com/a", "name": "a"}]),
                            annotation("workspace_container", {"workspace_id": "w"}),
                        ],
                    },
                ],
            }
        ],
    }
]

#: The operation whose redirect the released client follows.
LINK = "get_dataset_task_response_url"

#: What a seed says of completed tasks in each of the two worlds.
TASKS: dict[str, dict[str, Any]] = {"plain": {"response": {"threads": THREADS}}, "canned": {}}

#: What 2.18.4 cannot decode there: an attachment, or an annotation that holds a single file.
UNDECODABLE = {
    "plain": set[str](),
    "canned": {"get_annotation", "get_delivery", "get_task", "get_tasks"},
}

#: What 2.18.4 drops: keys that it does not know.
DROPPED = {f"get_schema.schema.{key}" for key in ("createdAt", "createdBy", "name")} | {
    f"get_schema.schema.{key}" for key in ("updatedAt", "updatedBy")
}


def seed(world: str) -> dict[str, Any]:
    """The seed of the sandbox."""
    chat = {"type": "chat", "project": "dialogues", "batch": "week_1"}
    attachment = {"id": "a_1", "content": "c291bmQ=", "mime_type": "audio/mpeg"}
    dataset_task = {"response": {"said": "Yes."}, "attachments": [attachment]}
    january = {"name": "january", "delivered_at": "2020-01-31", "tasks": [dataset_task]}
    return {
        "projects": [{"name": name, "type": "chat"} for name in ("dialogues", "pending")],
        "batches": [{"name": "week_1", "project": "dialogues"}],
        "tasks": [{**chat, "status": "completed", **TASKS[world]}],
        "deliveries": [{"name": "first", "project": "dialogues", "delivered_at": "2020-01-02"}],
        "datasets": [{"name": "voices", "deliveries": [january]}],
    }


def printed(python: str, sandbox: Sandbox, directory: Path) -> str:
    """The output of the program for a sandbox."""
    done = subprocess.run(
        [python, PROGRAM, sandbox.url, sandbox.test_key],
        cwd=directory,  # where no package is, for the released client to find itself
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{python}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


#: Ids, times and cursors.
CHANCE = re.compile(r"[0-9a-f]{24}|\d{4}-\d\d-\d\dT[0-9:.+]+|eyJ[0-9A-Za-z_=-]+")


def results(text: str, known: str) -> Told:
    """Parse the output, replacing values that differ between runs.

    Args:
        text: What was printed.
        known: What has the ids and times that are not new.
    """
    text = CHANCE.sub(lambda found: found[0] if found[0] in known else "new", text)
    told: Told = {}
    for line in text.splitlines():
        result = json.loads(line)
        told.setdefault(result.pop("operation"), []).append(result)
    return told


def working(results: Told) -> set[str]:
    """Return the operations that never failed."""
    return {name for name in results if not any("failed" in one for one in results[name])}


def lost(ours: Any, released: Any, place: str) -> Iterator[str]:
    """Yield the places that only our output has; common places must be equal."""
    if isinstance(ours, dict) and isinstance(released, dict):
        assert not set(released) - set(ours), place
        for name, value in ours.items():
            if name in released:
                yield from lost(value, released[name], f"{place}.{name}")
            else:
                yield f"{place}.{name}"
    elif isinstance(ours, list) and isinstance(released, list):
        assert len(ours) == len(released), place
        for one, other in zip(ours, released, strict=True):
            yield from lost(one, other, place)
    else:
        assert ours == released, place


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(transition="manual") as sandbox:
        yield sandbox


@pytest.mark.parametrize("world", TASKS)
def test_each_operation(
    sandbox: Sandbox, world: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All 25 work with this client, and match the released one where that can decode."""
    sandbox.seed({"test": seed(world)})
    before = sandbox.snapshot()
    text = printed(sys.executable, sandbox, tmp_path)
    ours = results(text, text)
    assert len(ours) == 25
    assert working(ours) == set(ours)
    assert ours[LINK][0]["told"].startswith("http://127.0.0.1:")
    if not RELEASED:
        return
    sandbox.restore(before)
    released_text = printed(RELEASED, sandbox, tmp_path)
    ours, released = results(text, released_text), results(released_text, text)
    assert set(ours) - working(released) == UNDECODABLE[world]
    assert released.pop(LINK) == [{"told": None}]  # it has fetched the file, and forgets the link
    assert set(dropped(ours, released)) == DROPPED
    able = len(working(released))
    unable = ", ".join([LINK, *sorted(UNDECODABLE[world])])
    with capsys.disabled():
        sys.stdout.write(
            f"\nv2, {world} conversations: 25 of 25 operations with ours,"
            f" {able} with 2.18.4, which cannot {unable}\n"
        )


def dropped(ours: Told, released: Told) -> Iterator[str]:
    """Yield the places that only our output has."""
    for name, answers in released.items():
        for one, other in zip(ours[name], answers, strict=True):
            if "told" in other:
                yield from lost(one["told"], other["told"], name)
