"""What every stored document has: the fields that the sandbox reads, and their types."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, get_args

from ..base.clock import parse_stamp, stamp
from ..base.documents import JsonObject, is_array, is_object
from ..base.modes import MODES
from ..rules.lifecycle import Product
from ..rules.statuses import BATCH_STATUSES, TASK_STATUSES, DeliveryState, Event


class Kind(NamedTuple):
    """What a field may be.

    Attributes:
        expected: What it must be, for error texts.
        matches: Returns whether a value is that.
    """

    expected: str
    matches: Callable[[object], bool]


def is_stamp(value: object) -> bool:
    """Return whether a value is a time in the format of responses."""
    try:
        return isinstance(value, str) and stamp(parse_stamp(value)) == value
    except ValueError:
        return False


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _all(matches: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: is_array(value) and all(map(matches, value))


def _one_of(*values: str) -> Kind:
    return Kind(f"one of: {', '.join(values)}", lambda value: value in values)


def _is_member(value: object) -> bool:
    return is_object(value) and _is_text(value.get("email"))


def _nullable(kind: Kind) -> Kind:
    return Kind(f"{kind.expected} or null", lambda value: value is None or kind.matches(value))


def _is_attempt(value: object) -> bool:
    if not is_array(value) or len(value) != 4:
        return False
    time, status, error, milliseconds = value
    return (
        is_stamp(time)
        and (status is None or _is_whole(status))
        and (error is None or _is_text(error))
        and (_is_whole(milliseconds) or isinstance(milliseconds, float))
    )


def _is_broken_attachment(value: object) -> bool:
    if not is_array(value) or len(value) != 3:
        return False
    position, status, url = value
    return _is_whole(position) and _is_whole(status) and _is_text(url)


NAME = Kind("a string that is not empty", lambda value: isinstance(value, str) and value != "")
TEXT = Kind("a string", _is_text)
TIME = Kind("a time such as 2026-03-01T12:00:00.000Z", is_stamp)
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
OBJECT = Kind("an object", is_object)
ARRAY = Kind("an array", is_array)
TEXTS = Kind("an array of strings", _all(_is_text))
VERSIONS = Kind(
    "an array of objects that is not empty", lambda value: bool(value) and _all(is_object)(value)
)
MEMBERS = Kind("an array of objects with an email", _all(_is_member))

_DELIVERY = {"id": NAME, "name": NAME, "delivered_at": TIME}

FIELDS: Mapping[str, Mapping[str, Kind]] = {
    "projects": {"name": NAME, "type": NAME, "created_at": TIME, "param_history": VERSIONS},
    "batches": {
        "id": NAME,
        "name": NAME,
        "project": NAME,
        "status": _one_of(*BATCH_STATUSES),
        "created_at": TIME,
        "metadata": OBJECT,
    },
    "tasks": {
        "task_id": NAME,
        "type": NAME,
        "status": _one_of(*TASK_STATUSES),
        "created_at": TIME,
        "updated_at": TIME,
        "work_started": FLAG,
        "metadata": OBJECT,
        "params": OBJECT,
    },
    "audits": {"id": NAME, "task_id": NAME},
    "teammates": {"email": NAME, "role": NAME},
    "studio_groups": {"id": NAME, "name": NAME, "workers": MEMBERS},
    "quality_tasks": {"id": NAME},
    "response_schemas": {"id": NAME},
    "task_deliveries": _DELIVERY | {"project": NAME},
    "datasets": {"id": NAME, "name": NAME},
    "dataset_deliveries": _DELIVERY | {"dataset": NAME},
    "dataset_tasks": {"task_id": NAME, "dataset": NAME, "delivery": NAME, "response": OBJECT},
    "files": {
        "id": NAME,
        "attachment_url": NAME,
        "mime_type": TEXT,
        "project_names": TEXTS,
        "created_at": TIME,
    },
}
"""Fields that each document of a table has."""

OPTIONAL: Mapping[str, Mapping[str, Kind]] = {
    "batches": {
        "callback": _nullable(TEXT),
        "completed_at": _nullable(TIME),
        "last_audited_at": _nullable(TIME),
    },
    "tasks": {
        "completed_at": _nullable(TIME),
        "project": NAME,
        "batch": NAME,
        "unique_id": NAME,
        "callback_url": _nullable(TEXT),
        "customer_review_status": _nullable(TEXT),
        "tags": _nullable(TEXTS),
        "response": _nullable(OBJECT),
        "audits": _nullable(ARRAY),
        "prior_responses": _nullable(ARRAY),
        "customer_review_comments": _nullable(ARRAY),
    },
    "files": {"reference_id": _nullable(NAME)},
}
"""Fields that a document of a table may have besides."""


class JsonColumn(NamedTuple):
    """A column that holds JSON.

    Attributes:
        table: Its table.
        kind: What its values are.
    """

    table: str
    kind: Kind


JSON_COLUMNS: Mapping[str, JsonColumn] = {
    "body": JsonColumn("deliveries", OBJECT),
    "tries": JsonColumn(
        "deliveries",
        Kind("an array of arrays of time, status, error and milliseconds", _all(_is_attempt)),
    ),
    "broken_attachments": JsonColumn(
        "tasks",
        Kind("an array of arrays of position, status and URL", _all(_is_broken_attachment)),
    ),
    "studio_groups": JsonColumn("batches", TEXTS),
}
"""Columns that hold JSON, besides the documents, by name."""

CHOICES: Mapping[str, Collection[str]] = {
    "world": MODES,
    "product": get_args(Product),
    "event": get_args(Event),
    "state": get_args(DeliveryState),
}
"""The values of columns that have only a few, by name."""


def check_document(table: str, document: JsonObject) -> None:
    """Check the fields of a document.

    Raises:
        ValueError: If one is missing or has another type; the text continues its name in quotes.
    """
    for name, kind in FIELDS[table].items():
        if not kind.matches(document.get(name)):
            raise ValueError(f'"{name}" must be {kind.expected}')
    for name, kind in OPTIONAL.get(table, {}).items():
        if name in document and not kind.matches(document[name]):
            raise ValueError(f'"{name}" must be {kind.expected}')
