"""The tables of v2 chat tasks: messages, and what was said about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from .arrow import RecordBatchReader
from .table import Table, flag, json_column, number, text, time

if TYPE_CHECKING:
    from ..v2 import Task as V2Task

__all__ = ["chat_annotation_reader", "message_reader"]

#: Where in a task a row is from. Numbers count from 0; ``None`` above the turn or message.
_PLACE = (
    text("task_id"),
    text("project"),
    text("batch"),
    time("completed_at"),
    text("thread_id"),
    number("turn"),
    text("turn_id"),
    number("message"),
)

MESSAGES = Table(
    *_PLACE,
    text("role"),
    text("source_id"),
    text("text"),
    json_column("attachments"),
    json_column("model_parameters"),
)

CHAT_ANNOTATIONS = Table(
    *_PLACE,
    text("level"),
    number("chunk"),
    text("id"),
    text("key"),
    text("type"),
    text("title"),
    json_column("value"),
    text("justification"),
    flag("not_applicable"),
    flag("cannot_assess"),
)

_Json = dict[str, Any]


class _Part(NamedTuple):
    """A thread, turn or message.

    Attributes:
        level: Which of these it is.
        place: The columns that say where it is.
        json: Its JSON.
    """

    level: str
    place: _Json
    json: _Json


def message_reader(tasks: Iterable[V2Task]) -> RecordBatchReader:
    """Return the messages of v2 chat tasks as a stream of record batches, one row for each.

    Args:
        tasks: The tasks, read as the batches are asked for.

    Raises:
        ImportError: pyarrow is not installed.

    Example:
        >>> tasks = client.v2.iter_tasks(project_name="chats")
        >>> message_reader(tasks).read_all().to_pandas()[["role", "text"]]
    """
    return MESSAGES.reader(
        MESSAGES.row(_flat(part.json), **part.place)
        for task in tasks
        for part in _parts(task.to_dict())
        if part.level == "message"
    )


def chat_annotation_reader(tasks: Iterable[V2Task]) -> RecordBatchReader:
    """Return the annotations of v2 chat tasks as a stream of record batches, one row for each.

    ``level`` says what was judged: ``thread``, ``turn``, ``message``, ``chunk`` or, in an
    evaluation of a message by a rubric, ``rubric``. ``turn``, ``message`` and ``chunk`` are numbers
    from 0, null where there is none. ``value`` is JSON text, since its type depends on the
    annotation.

    Args:
        tasks: The tasks, read as the batches are asked for.

    Raises:
        ImportError: pyarrow is not installed.

    Example:
        >>> tasks = client.v2.iter_tasks(project_name="chats", opts=["annotation_details"])
        >>> chat_annotation_reader(tasks).read_all().to_pandas()[["key", "value"]]
    """
    return CHAT_ANNOTATIONS.reader(
        CHAT_ANNOTATIONS.row(annotation, **part.place, level=level, chunk=chunk)
        for task in tasks
        for part in _parts(task.to_dict())
        for level, chunk, annotation in _judgments(part)
    )


def _parts(task: _Json) -> Iterator[_Part]:
    """Yield every thread, turn and message of a task, in order."""
    ids = {name: _id(task.get(name)) for name in ("task_id", "project", "batch", "completed_at")}
    for thread in _objects(task.get("threads")):
        place = _place(**ids, thread_id=thread.get("id"))
        yield _Part("thread", place, thread)
        for turn_number, turn in enumerate(_objects(thread.get("turns"))):
            place = _place(
                **ids, thread_id=thread.get("id"), turn=turn_number, turn_id=turn.get("id")
            )
            yield _Part("turn", place, turn)
            for message_number, message in enumerate(_objects(turn.get("messages"))):
                yield _Part("message", place | {"message": message_number}, message)


def _flat(message: _Json) -> _Json:
    """Return a message with the fields of its content, and without its annotations."""
    fields = {name: value for name, value in message.items() if name != "annotations"}
    content = fields.get("content")
    if isinstance(content, dict):
        del fields["content"]
        return {**content, **fields}
    return fields


def _judgments(part: _Part) -> Iterator[tuple[str, int | None, _Json]]:
    """Yield the annotations of a part: of what level, of which chunk, and the JSON."""
    for annotation in _objects(part.json.get("annotations")):
        yield part.level, None, annotation
    content = part.json.get("content")
    for chunk, one in enumerate(
        _objects(content.get("chunks") if isinstance(content, dict) else [])
    ):
        for annotation in _objects(one.get("annotations")):
            yield "chunk", chunk, annotation
    for evaluation in _objects(part.json.get("rubric_evaluations")):
        for judged in (evaluation, *_objects(evaluation.get("criteria_evaluations"))):
            for annotation in _objects(judged.get("annotations")):
                yield "rubric", None, annotation


def _place(**fields: object) -> _Json:
    """Return the columns that say where something is."""
    return {column.name: column.take(fields) for column in _PLACE}


def _id(value: object) -> object:
    """Return the id of a project or batch that may have been expanded."""
    return value.get("id") if isinstance(value, dict) else value


def _objects(value: object) -> list[_Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
