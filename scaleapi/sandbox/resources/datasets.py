"""Datasets with their deliveries and tasks, which only seeds create."""

from __future__ import annotations

import re

from ..base.documents import JsonObject, is_array
from ..base.errors import conflict
from ..base.validation import (
    binary,
    check_names,
    integer,
    invalid,
    json_object,
    required_text,
    text,
    time,
)
from .transaction import Transaction

_MAX_COUNT = 10_000_000
_ATTACHMENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def add_dataset(tx: Transaction, entry: JsonObject) -> None:
    """Add deliveries to a dataset; create the dataset if it does not exist.

    Raises:
        Refusal: If a field is invalid (400) or the name of a delivery is taken (409).
    """
    check_names(entry, ("name", "deliveries"), "a dataset")
    name = required_text(entry, "name")
    dataset = tx.datasets.find("name", name)
    if dataset is None:
        dataset = {"id": tx.new_id(), "name": name}
        tx.datasets.add(dataset)
    for delivery in _objects(entry, "deliveries"):
        _add_delivery(tx, dataset["id"], delivery)


def content_id(task_id: str, attachment_id: str) -> str:
    """Return the content id of an attachment."""
    return f"{task_id}-{attachment_id}"


def _add_delivery(tx: Transaction, dataset_id: str, entry: JsonObject) -> None:
    check_names(entry, ("name", "delivered_at", "turn_count", "tasks"), "a delivery")
    name = required_text(entry, "name")
    if tx.db.execute(
        "SELECT 1 FROM dataset_deliveries WHERE world = ? AND dataset = ? AND name = ?",
        (tx.mode, dataset_id, name),
    ).fetchone():
        raise conflict(f'A delivery with the name "{name}" already exists.')
    delivery: JsonObject = {
        "id": tx.new_id(),
        "name": name,
        "delivered_at": time(entry, "delivered_at") or tx.now,
        "dataset": dataset_id,
    }
    count = sum(_add_tasks(tx, delivery, task) for task in _objects(entry, "tasks"))
    counts = {"task_count": count}
    if entry.get("turn_count") is not None:
        counts["turn_count"] = integer(entry["turn_count"], "turn_count", low=0)
    tx.dataset_deliveries.add(delivery | {"metadata": counts})


def _add_tasks(tx: Transaction, delivery: JsonObject, entry: JsonObject) -> int:
    """Add the tasks of one entry; return how many."""
    check_names(entry, ("response", "count", "attachments"), "a task")
    response = json_object(entry.get("response"), "The response of a task")
    attachments = [_attachment(one) for one in _objects(entry, "attachments")]
    count = integer(entry.get("count", 1), "count", 1, _MAX_COUNT)
    for _ in range(count):
        task: JsonObject = {
            "task_id": tx.new_id(),
            "dataset": delivery["dataset"],
            "delivery": delivery["id"],
            "response": response,
        }
        tx.dataset_tasks.add(task, delivered_at=delivery["delivered_at"])
        for attachment_id, mime_type, content in attachments:
            tx.put_content(content_id(task["task_id"], attachment_id), mime_type, content)
    return count


def _attachment(entry: JsonObject) -> tuple[str, str, bytes]:
    check_names(entry, ("id", "mime_type", "content"), "an attachment")
    identity = required_text(entry, "id")
    if not _ATTACHMENT_ID.fullmatch(identity):
        raise invalid("id", "must be of up to 64 letters, digits, _ and -")
    return identity, text(entry, "mime_type") or "application/json", binary(entry, "content")


def _objects(entry: JsonObject, name: str) -> list[JsonObject]:
    found = entry.get(name, [])
    if not is_array(found):
        raise invalid(name, "must be an array")
    return [json_object(one, f"An entry of {name}") for one in found]
