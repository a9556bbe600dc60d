"""Datasets: their deliveries and tasks."""

from __future__ import annotations

import json
from collections.abc import Collection

from flask import Blueprint, Response

from ..base.documents import JsonObject
from ..base.errors import not_found
from ..links.signing import presigned
from ..resources.datasets import content_id
from ..resources.listing import Keyset, Where, documents, keyset_rows
from ..resources.transaction import Transaction
from ..storage.store import DocumentTable
from ..web import json_response, origin, query, service, transaction
from .lookup import require_one_of
from .pages import PageRequest, envelope

datasets = Blueprint("v2_datasets", __name__)

_EXPAND = ("dataset", "delivery")
ROWS = Keyset("dataset_tasks", "delivered_at", "task_id")


@datasets.get("/datasets")
def list_datasets() -> Response:
    """List all datasets, oldest first."""
    with transaction() as tx:
        return json_response({"datasets": tx.datasets.all("key")})


@datasets.get("/datasets/deliveries")
def list_dataset_deliveries() -> Response:
    """List deliveries of one or all datasets, newest first."""
    wanted = query()
    expand = wanted.each("expand", ("dataset",))
    first, last = wanted.time("delivered_after"), wanted.time("delivered_before")
    dataset_id = wanted.text("dataset_id")
    with transaction() as tx:
        where = Where(tx.mode)
        if dataset_id is not None:
            where.equal("dataset", _get_or_404(tx.datasets, "Dataset", dataset_id)["id"])
        where.between("delivered_at", first, last)
        found = documents(tx, "dataset_deliveries", where, "delivered_at DESC, key DESC")
        view = _View(tx, expand)
        return json_response({"deliveries": [view.delivery(delivery) for delivery in found]})


@datasets.get("/datasets/delivery")
def get_dataset_delivery() -> Response:
    """List a page of tasks of a delivery, newest first."""
    wanted = query()
    delivery_id = wanted.required_text("delivery_id")
    page_request = PageRequest.read(wanted)
    expand = wanted.each("expand", _EXPAND)
    with transaction() as tx:
        delivery = _get_or_404(tx.dataset_deliveries, "Delivery", delivery_id)
        where = Where(tx.mode)
        where.equal("delivery", delivery_id)
        page = _page(tx, where, page_request, expand)
        return json_response({"delivery": _View(tx, expand).delivery_field(delivery["id"])} | page)


@datasets.get("/datasets/tasks")
def list_dataset_tasks() -> Response:
    """List a page of tasks of a dataset or a delivery, newest first."""
    wanted = query()
    require_one_of(wanted.text, "dataset_id", "delivery_id")
    dataset_id, delivery_id = wanted.text("dataset_id"), wanted.text("delivery_id")
    page_request = PageRequest.read(wanted)
    expand = wanted.each("expand", _EXPAND)
    first, last = wanted.time("delivered_after"), wanted.time("delivered_before")
    with transaction() as tx:
        where = Where(tx.mode)
        if delivery_id is not None:
            where.equal(
                "delivery", _get_or_404(tx.dataset_deliveries, "Delivery", delivery_id)["id"]
            )
        if dataset_id is not None:
            # A delivery has fewer tasks than its dataset: the plus disables the index on dataset.
            column = "dataset" if delivery_id is None else "+dataset"
            where.equal(column, _get_or_404(tx.datasets, "Dataset", dataset_id)["id"])
        where.between("delivered_at", first, last)
        return json_response(_page(tx, where, page_request, expand))


@datasets.get("/datasets/task")
def get_dataset_task() -> Response:
    """Return a task."""
    wanted = query()
    task_id = wanted.required_text("task_id")
    expand = wanted.each("expand", _EXPAND)
    with transaction() as tx:
        return json_response(_View(tx, expand).task(_get_or_404(tx.dataset_tasks, "Task", task_id)))


@datasets.get("/datasets/task/<task_id>/response_url/<attachment_id>")
def get_response_url(task_id: str, attachment_id: str) -> Response:
    """Redirect to an attachment with a signed link that needs no key."""
    here = service()
    with transaction() as tx:
        _get_or_404(tx.dataset_tasks, "Task", task_id)
        stored = content_id(task_id, attachment_id)
        if not tx.db.execute("SELECT 1 FROM contents WHERE id = ?", (stored,)).fetchone():
            raise not_found(f'Attachment with the id "{attachment_id}" not found.')
        link = presigned(origin(), here.secret, stored, tx.time)
    return Response(status=302, headers={"Location": link})


class _View:
    """Renders tasks and deliveries, with related resources as ids or objects."""

    def __init__(self, tx: Transaction, expand: Collection[str]) -> None:
        self._tx = tx
        self._expand = expand
        self._known: dict[str, JsonObject] = {}

    def task(self, task: JsonObject) -> JsonObject:
        return {
            "task_id": task["task_id"],
            "dataset": self._dataset_field(task["dataset"]),
            "delivery": self.delivery_field(task["delivery"]),
            "response": task["response"],
        }

    def delivery(self, delivery: JsonObject) -> JsonObject:
        return delivery | {"dataset": self._dataset_field(delivery["dataset"])}

    def delivery_field(self, delivery_id: str) -> object:
        return self._field("delivery", delivery_id, self._tx.dataset_deliveries)

    def _dataset_field(self, dataset_id: str) -> object:
        return self._field("dataset", dataset_id, self._tx.datasets)

    def _field(self, name: str, identity: str, table: DocumentTable) -> object:
        if name not in self._expand:
            return identity
        if identity not in self._known:
            self._known[identity] = _get_or_404(table, name, identity)
        return self._known[identity]


def _page(
    tx: Transaction, where: Where, page_request: PageRequest, expand: Collection[str]
) -> JsonObject:
    rows, following = keyset_rows(tx, ROWS, where, *page_request)
    view = _View(tx, expand)
    return envelope("tasks", [view.task(json.loads(row[3])) for row in rows], following)


def _get_or_404(table: DocumentTable, what: str, identity: str) -> JsonObject:
    found = table.get(identity)
    if found is None:
        raise not_found(f'{what} with the id "{identity}" not found.')
    return found
