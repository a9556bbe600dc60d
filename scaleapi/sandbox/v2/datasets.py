"""Datasets: their deliveries and tasks."""

from __future__ import annotations

import json
from collections.abc import Collection

from flask import Blueprint, Response

from ..base.documents import JsonObject
from ..base.errors import missing
from ..links.signing import presigned
from ..resources.datasets import content_id
from ..resources.listing import Keyset, Where, documents, keyset_rows
from ..resources.transaction import World
from ..storage.store import Shelf
from ..web import answer, opened, query, service
from .lookup import require_one_of
from .pages import Turn, envelope

datasets = Blueprint("v2_datasets", __name__)

_EXPAND = ("dataset", "delivery")
ROWS = Keyset("dataset_tasks", "delivered_at", "task_id")


@datasets.get("/datasets")
def list_datasets() -> Response:
    """Answer all datasets, oldest first."""
    with opened() as world:
        return answer({"datasets": world.datasets.all("key")})


@datasets.get("/datasets/deliveries")
def list_dataset_deliveries() -> Response:
    """Answer the deliveries of one dataset, or of all, newest first."""
    wanted = query()
    expand = wanted.each("expand", ("dataset",))
    first, last = wanted.time("delivered_after"), wanted.time("delivered_before")
    dataset_id = wanted.text("dataset_id")
    with opened() as world:
        where = Where(world.name)
        if dataset_id is not None:
            where.equal("dataset", _the(world.datasets, "Dataset", dataset_id)["id"])
        where.between("delivered_at", first, last)
        found = documents(world, "dataset_deliveries", where, "delivered_at DESC, key DESC")
        view = _View(world, expand)
        return answer({"deliveries": [view.delivery(delivery) for delivery in found]})


@datasets.get("/datasets/delivery")
def get_dataset_delivery() -> Response:
    """Answer a page of the tasks of one delivery, newest first."""
    wanted = query()
    delivery_id = wanted.required_text("delivery_id")
    turn = Turn.read(wanted)
    expand = wanted.each("expand", _EXPAND)
    with opened() as world:
        delivery = _the(world.dataset_deliveries, "Delivery", delivery_id)
        where = Where(world.name)
        where.equal("delivery", delivery_id)
        page = _page(world, where, turn, expand)
        return answer({"delivery": _View(world, expand).delivery_field(delivery["id"])} | page)


@datasets.get("/datasets/tasks")
def list_dataset_tasks() -> Response:
    """Answer a page of the tasks of a dataset or of a delivery, newest first."""
    wanted = query()
    require_one_of(wanted.text, "dataset_id", "delivery_id")
    dataset_id, delivery_id = wanted.text("dataset_id"), wanted.text("delivery_id")
    turn = Turn.read(wanted)
    expand = wanted.each("expand", _EXPAND)
    first, last = wanted.time("delivered_after"), wanted.time("delivered_before")
    with opened() as world:
        where = Where(world.name)
        if delivery_id is not None:
            where.equal("delivery", _the(world.dataset_deliveries, "Delivery", delivery_id)["id"])
        if dataset_id is not None:
            # The tasks of a delivery are fewer: keep the dataset's index out.
            column = "dataset" if delivery_id is None else "+dataset"
            where.equal(column, _the(world.datasets, "Dataset", dataset_id)["id"])
        where.between("delivered_at", first, last)
        return answer(_page(world, where, turn, expand))


@datasets.get("/datasets/task")
def get_dataset_task() -> Response:
    """Answer one task."""
    wanted = query()
    task_id = wanted.required_text("task_id")
    expand = wanted.each("expand", _EXPAND)
    with opened() as world:
        return answer(_View(world, expand).task(_the(world.dataset_tasks, "Task", task_id)))


@datasets.get("/datasets/task/<task_id>/response_url/<attachment_id>")
def get_response_url(task_id: str, attachment_id: str) -> Response:
    """Lead to the bytes of an attachment, by a link that needs no key."""
    here = service()
    with opened() as world:
        _the(world.dataset_tasks, "Task", task_id)
        stored = content_id(task_id, attachment_id)
        if not world.db.execute("SELECT 1 FROM contents WHERE id = ?", (stored,)).fetchone():
            raise missing(f'Attachment with the id "{attachment_id}" not found.')
        link = presigned(world.origin, here.secret, stored, world.time)
    return Response(status=302, headers={"Location": link})


class _View:
    """Shows tasks and deliveries: what they belong to as ids, or as objects."""

    def __init__(self, world: World, expand: Collection[str]) -> None:
        self._world = world
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
        return self._field("delivery", delivery_id, self._world.dataset_deliveries)

    def _dataset_field(self, dataset_id: str) -> object:
        return self._field("dataset", dataset_id, self._world.datasets)

    def _field(self, name: str, identity: str, shelf: Shelf) -> object:
        if name not in self._expand:
            return identity
        if identity not in self._known:
            self._known[identity] = _the(shelf, name, identity)
        return self._known[identity]


def _page(world: World, where: Where, turn: Turn, expand: Collection[str]) -> JsonObject:
    rows, following = keyset_rows(world, ROWS, where, *turn)
    view = _View(world, expand)
    return envelope("tasks", [view.task(json.loads(row[3])) for row in rows], following)


def _the(shelf: Shelf, what: str, identity: str) -> JsonObject:
    found = shelf.get(identity)
    if found is None:
        raise missing(f'{what} with the id "{identity}" not found.')
    return found
