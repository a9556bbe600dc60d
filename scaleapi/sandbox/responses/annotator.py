"""Annotations of conversations, of all twelve types."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from ..base.documents import JsonObject

MODELS = ("model_a", "model_b")
"""The models in canned conversations; in each turn one is preferred."""

_HOST = "https://files.sandbox.example"
_TOPICS = ("geography", "history", "language")


class Annotator:
    """Creates and numbers the annotations of one task.

    Args:
        task_id: The task; ids of its annotations contain it.

    Attributes:
        random: The source of random values, seeded by the task id.
    """

    def __init__(self, task_id: str) -> None:
        self.random = Random(task_id)  # noqa: S311 (responses, not secrets)
        self._task_id = task_id
        self._count = 0

    def of_thread(self) -> list[JsonObject]:
        """Annotate a thread."""
        quality = self.random.randint(1, 5)
        return [
            self._note("integer", "quality", quality, possible_values=[1, 2, 3, 4, 5]),
            self._note("text", "summary", "A question, and a second one about the answer."),
            self._note("file", "notes", [basic_file("notes.txt")]),
        ]

    def of_choice(self, preferred: Sequence[str]) -> list[JsonObject]:
        """Rank the messages of a turn."""
        return [
            self._note("ranked_choices", "preference", list(preferred)),
            self._note("ranked_groups", "groups", [[name] for name in preferred]),
        ]

    def of_workspace(self) -> JsonObject:
        """Describe the workspace of a turn."""
        workspace = f"workspace_{self._task_id}"
        return self._note(
            "workspace_container",
            "workspace",
            {
                "workspace_id": workspace,
                "workspace_config": {
                    "workspace_id": workspace,
                    "workspace_url": f"{_HOST}/{workspace}",
                    "workspace_token": "sandbox",
                    "expires_at": "2030-01-01T00:00:00.000Z",
                    "inactivity_freeze_time": 900,
                },
                "last_code_run_event": {"exit_code": 0},
                "output_files": [
                    {"file_name": "out.txt", "scale_url": "scaledata://sandbox/out.txt"}
                ],
                "stdout_output": {"content": "42\n"},
            },
        )

    def of_message(self) -> list[JsonObject]:
        """Annotate a message."""
        topics = self.random.sample(_TOPICS, 2)
        return [
            self._note("boolean", "truthful", self.random.random() < 0.9),
            self._note("category", "language", "en", possible_values=["en", "de", "fr"]),
            self._note("category_multiple", "topics", topics, possible_values=list(_TOPICS)),
            self._note("file", "picture", image_file()),
        ]

    def of_chunk(self, text: str) -> list[JsonObject]:
        """Label words in a chunk of a message."""
        words = [{"label": "claim", "text": word} for word in text.split()[:2]]
        return [self._note("labeled_text", "claims", words)]

    def criterion(self, text: str, weight: int) -> JsonObject:
        """Create a criterion."""
        return self._note("rubric_criteria", "criterion", {"weight": weight}, description=text)

    def rating(self, criterion: object, score: int) -> JsonObject:
        """Rate a message by a criterion, given as its id or as a whole."""
        value = {"score": score, "justification": "As the criterion says."}
        return self._note("rubric_rating", "rating", value, metadata={"criteria": criterion})

    def remark(self, text: str) -> JsonObject:
        """Comment on a part of a rubric."""
        return self._note("text", "remark", text)

    def _note(self, kind: str, key: str, value: object, **details: object) -> JsonObject:
        self._count += 1
        return {
            "id": f"an_{self._task_id}_{self._count}",
            "key": key,
            "type": kind,
            "title": key.capitalize(),
            "value": value,
            **details,
        }


def basic_file(name: str) -> JsonObject:
    """Return a text file with its content."""
    return {
        "content": "QSBub3RlLg==",
        "mime_type": "text/plain",
        "scale_url": f"scaledata://sandbox/{name}",
        "url": f"{_HOST}/{name}",
        "name": name,
    }


def image_file() -> JsonObject:
    """Return an image."""
    return {
        "mime_type": "image/png",
        "scale_url": "scaledata://sandbox/map.png",
        "url": f"{_HOST}/map.png",
        "name": "map.png",
        "file_size_in_bytes": 20_480,
    }


def audio_file() -> JsonObject:
    """Return a recording with its transcript."""
    return {
        "mime_type": "audio/mpeg",
        "scale_url": "scaledata://sandbox/question.mp3",
        "url": f"{_HOST}/question.mp3",
        "duration": 2.5,
        "transcript": "Where is that?",
        "transcript_url": f"{_HOST}/question.txt",
        "transcript_start": 0.0,
        "transcript_end": 2.5,
    }
