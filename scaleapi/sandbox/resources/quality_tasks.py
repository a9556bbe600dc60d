"""Creating quality tasks: evaluation and training tasks of Rapid projects."""

from __future__ import annotations

from ..base.documents import JsonObject
from ..base.errors import bad_request
from ..base.validation import invalid, json_object, required_text
from .tasks import draft_task
from .transaction import Transaction

TYPES = (
    "documenttranscription",
    "imageannotation",
    "namedentityrecognition",
    "segmentannotation",
    "textcollection",
    "videoplaybackannotation",
)
"""Task types of quality tasks."""

_RESPONSES = ("expected_response", "initial_response")
_SHOWN = ("type", "project", "batch", "instruction", "metadata", "params", "created_at")


def create(
    tx: Transaction, type_name: str, body: JsonObject, responses: tuple[str, ...] = _RESPONSES
) -> JsonObject:
    """Create a quality task.

    Args:
        tx: The open transaction.
        type_name: Its task type, an existing one.
        body: The request body: fields of a task, and the responses.
        responses: Names of the allowed responses; the first one is required.

    Raises:
        Refusal: If a parameter is invalid (400).
    """
    if type_name not in TYPES:
        raise bad_request(f"The type of a quality task must be one of: {', '.join(TYPES)}")
    if body.get("batch") is None:
        required_text(body, "project")
    if body.get(responses[0]) is None:
        raise invalid(responses[0], "is required")
    given = {
        name: json_object(body[name], name) for name in responses if body.get(name) is not None
    }
    asked = {name: value for name, value in body.items() if name not in _RESPONSES}
    task, _ = draft_task(tx, type_name, asked, batch_needed=False)
    if tx.product(task["project"]) != "rapid":
        raise bad_request(f'The project "{task["project"]}" is not a Rapid project.')
    quality_task = {"id": task["task_id"]} | given
    quality_task |= {name: task[name] for name in _SHOWN if name in task}
    tx.quality_tasks.add(quality_task)
    return quality_task
