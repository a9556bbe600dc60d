"""Deliveries of completed tasks, which only seeds create."""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

from ..base.documents import JsonObject, dumps
from ..base.errors import conflict
from ..base.validation import invalid, json_object, required_text, text, time
from ..rules.task_types import GENERATIVE_TYPES
from .listing import Where
from .transaction import Transaction

_AUTHOR = "schemas@sandbox.example"
_SCHEMA: JsonObject = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"threads": {"type": "array", "items": {"type": "object"}}},
}


def create_delivery(tx: Transaction, body: JsonObject) -> JsonObject:
    """Deliver the completed tasks of a project or batch that are not delivered yet.

    Args:
        tx: The open transaction.
        body: ``name`` and ``project``; optionally ``batch``, ``delivered_at``, and the
            ``schema`` of the responses.

    Returns:
        The delivery.

    Raises:
        Refusal: If a field is invalid (400), the project or batch is unknown (404) or the name is
            taken (409).
    """
    name, project = required_text(body, "name"), required_text(body, "project")
    if tx.project(project)["type"] not in GENERATIVE_TYPES:
        raise invalid("project", f"must be of one of the types {', '.join(GENERATIVE_TYPES)}")
    batch = text(body, "batch")
    if batch is not None and tx.batch(batch)["project"] != project:
        raise invalid("batch", "must be one of the project")
    if find_delivery(tx, project, name) is not None:
        raise conflict(f'A delivery with the name "{name}" already exists.')
    where = Where(tx.mode)
    where.equal("project", project)
    where.equal("batch", batch)
    where.add("status = 'completed' AND delivery IS NULL")
    delivery_id = tx.new_id()
    count = tx.db.execute(
        f"UPDATE tasks SET delivery = ? WHERE {where}", (delivery_id, *where.values)
    ).rowcount
    delivery: JsonObject = {
        "id": delivery_id,
        "name": name,
        "task_count": count,
        "delivered_at": time(body, "delivered_at") or tx.now,
        "project": project,
        "schema": _add_schema(tx, name, body),
    }
    tx.task_deliveries.add(delivery)
    return delivery


def find_delivery(tx: Transaction, project: str, name: str) -> JsonObject | None:
    """Return the delivery of a project with this name, or None."""
    row = tx.db.execute(
        "SELECT id FROM task_deliveries WHERE world = ? AND project = ? AND name = ?",
        (tx.mode, project, name),
    ).fetchone()
    return tx.task_deliveries.get(row[0]) if row else None


def _add_schema(tx: Transaction, name: str, body: JsonObject) -> str:
    """Store the response schema of a delivery and return its id."""
    given = body.get("schema")
    schema_id = tx.new_id()
    tx.response_schemas.add(
        {
            "id": schema_id,
            "name": name,
            "json": dumps(_SCHEMA if given is None else json_object(given, "The schema")),
            "createdBy": _AUTHOR,
            "createdAt": tx.now,
            "updatedBy": _AUTHOR,
            "updatedAt": tx.now,
        }
    )
    return schema_id
