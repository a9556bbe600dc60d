"""Loading seeds.

A seed has a part per mode. Each part lists projects, teammates, batches, files and tasks as the
bodies of the requests that would create them. In addition, a batch may have a ``status``, and a
task has a ``type`` and may have a ``status``, a ``response`` and a ``count``. Deliveries and
datasets, which no request can create, come last.

An entry with a ``resource`` is stored as it is: see `sections`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..base.documents import JsonObject
from ..base.errors import Refusal, bad_request
from ..base.validation import (
    binary,
    check_names,
    invalid,
    json_object,
    parse_json,
    required_text,
    text,
)
from ..resources import team
from ..resources.batches import create_batch
from ..resources.datasets import add_dataset
from ..resources.deliveries import create_delivery
from ..resources.files import Source, create_file
from ..resources.projects import create_project
from ..resources.transaction import Transaction
from ..rules.statuses import BATCH_STATUSES
from .sections import DOCUMENT_SECTIONS, ROW_SECTIONS
from .stored import StoredResources
from .tasks import SeededTasks

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "projects": (
        *("name", "type", "params", "rapid", "studio"),
        *("pipeline", "consensus_attempts", "datasetId"),
    ),
    "teammates": ("emails", "team_role"),
    "batches": (
        *("name", "project", "status", "callback", "metadata"),
        *("calibration_batch", "self_label_batch"),
    ),
    "files": (
        *("name", "content", "mime_type", "attachment_url", "reference_id", "project_name"),
        *("display_name", "metadata"),
    ),
    "deliveries": ("name", "project", "batch", "delivered_at", "schema"),
}
"""Fields of the entries, by section. A task may have any parameter; a dataset checks its own."""


def read_seed(path: str | Path) -> JsonObject:
    """Read a seed from a JSON file.

    Raises:
        Refusal: If it cannot be read or is not a JSON object (400).
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise bad_request(f"The seed {path} cannot be read: {error.strerror or error}.") from None
    try:
        seed = parse_json(content)
    except Refusal:
        raise bad_request(f"The seed {path} is not valid JSON.") from None
    return json_object(seed, f"The seed {path}")


def load_seed(
    transactions: Mapping[str, Transaction], seed: Mapping[str, Any], account_id: str
) -> None:
    """Create everything in a seed.

    Args:
        transactions: The open transactions, by mode.
        seed: The seed.
        account_id: The account id, which is part of the attachment URLs of files.

    Raises:
        Refusal: If an entry is invalid; the error text starts with its place in the seed.
    """
    for name, part in seed.items():
        check_names([name], transactions, "a seed")
        if not isinstance(part, Mapping):
            raise bad_request(f'The part "{name}" of a seed must be an object.')
        _Loader(transactions[name], account_id).load_seed(part)


class _Loader:
    """Creates everything in the part of one mode."""

    def __init__(self, tx: Transaction, account_id: str) -> None:
        self._tx = tx
        self._account_id = account_id
        self._tasks = SeededTasks(tx)
        self._stored = StoredResources(tx)
        self._place = ""
        self._batches: list[tuple[str, str, str | None]] = []

    def load_seed(self, part: Mapping[str, Any]) -> None:
        # In this order: entries may refer to earlier sections.
        sections: Mapping[str, Callable[[JsonObject], object]] = {
            "projects": lambda entry: create_project(self._tx, entry),
            "teammates": self._add_teammates,
            "batches": self._add_batch,
            "files": self._add_file,
            "tasks": self._tasks.add,
            "deliveries": self._add_delivery,
            "datasets": lambda entry: add_dataset(self._tx, entry),
        }
        names = (*DOCUMENT_SECTIONS, *ROW_SECTIONS)
        check_names(part, names, f'the part "{self._tx.mode}" of a seed')
        for section in names:
            for place, entry in self._entries(part, section):
                self._place = place
                with _at(place):
                    self._add(section, json_object(entry, "An entry"), sections.get(section))
            with _at(f"{self._tx.mode}.{section}"):
                self._stored.check()
        self._tasks.finish()
        self._settle_batches()

    def _add(
        self, section: str, entry: JsonObject, create: Callable[[JsonObject], object] | None
    ) -> None:
        if section in ROW_SECTIONS:
            self._stored.add_row(section, entry)
        elif create is None or "resource" in entry:
            self._tasks.finish()
            self._stored.add(section, entry)
        else:
            if section in _FIELDS:
                check_names(entry, _FIELDS[section], f"an entry of {section}")
            create(entry)

    def _entries(self, part: Mapping[str, Any], section: str) -> Iterator[tuple[str, object]]:
        """Yield the entries of a section with their places.

        Seeds in code may use any iterable, which is consumed lazily.
        """
        entries = part.get(section, ())
        place = f"{self._tx.mode}.{section}"
        if isinstance(entries, (str, bytes, Mapping)) or not isinstance(entries, Iterable):
            raise bad_request(f"{place}: This must be an array.")
        for position, entry in enumerate(entries):
            yield f"{place}[{position}]", entry

    def _add_teammates(self, entry: JsonObject) -> None:
        role = required_text(entry, "team_role")
        if role not in (*team.GRANTED, *team.INACTIVE):
            raise invalid(
                "team_role", f"must be one of: {', '.join((*team.GRANTED, *team.INACTIVE))}"
            )
        team.invite(self._tx, team.emails(entry), role)

    def _add_batch(self, entry: JsonObject) -> None:
        status = text(entry, "status")
        batch = create_batch(self._tx, entry, staging=status == "staging")
        self._batches.append((self._place, batch["name"], status))
        if status is None:
            return
        if status not in BATCH_STATUSES:
            raise invalid("status", f"must be one of: {', '.join(BATCH_STATUSES)}")
        if status == "staging" and batch["status"] != "staging":
            raise invalid("status", "can be staging only in Rapid, Studio and generative projects")
        # Its tasks, which are created later, complete it.
        initial = "in_progress" if status == "completed" else status
        self._tx.batches.change(batch | {"status": initial})

    def _add_delivery(self, entry: JsonObject) -> None:
        self._tasks.finish()
        create_delivery(self._tx, entry)

    def _settle_batches(self) -> None:
        for name in self._tasks.batches:
            self._tx.refresh_batch(name)
        for place, name, status in self._batches:
            if status == "completed" and self._tx.batch(name)["status"] != status:
                with _at(place):
                    raise invalid(
                        "status",
                        "can be completed only if the batch has tasks, and none is pending",
                    )

    def _add_file(self, entry: JsonObject) -> None:
        url = text(entry, "attachment_url")
        if url is not None and not url.startswith("scaledata://"):
            raise invalid("attachment_url", "must start with scaledata://")
        if url is not None and self._tx.files.content_of(url) is not None:
            raise invalid("attachment_url", "is that of another file")
        content = binary(entry, "content")
        source = Source(required_text(entry, "name"), content, text(entry, "mime_type"))
        create_file(self._tx, self._account_id, source, entry, url)


@contextmanager
def _at(place: str) -> Generator[None]:
    """Prefix the error text of a `Refusal` with the place in the seed."""
    try:
        yield
    except Refusal as refusal:
        raise Refusal(refusal.status_code, f"{place}: {refusal.error}") from None
