"""Stored resources of a seed: those of an export, of another account, or written by hand."""

from __future__ import annotations

import sqlite3
from urllib.parse import urlsplit

from ..base.documents import JsonObject, dumps, is_object
from ..base.errors import Refusal, bad_request, conflict
from ..base.validation import (
    check_names,
    invalid,
    json_object,
    parse_json,
    required_text,
    text,
    time,
)
from ..callbacks.delivery import host_of
from ..resources.transaction import Transaction
from ..rules.task_types import GENERATIVE_TYPES
from ..storage.contents import problem_of_rows
from ..storage.store import DocumentTable, SqlValue
from ..storage.tables import TableSpec
from .defaults import COLUMNS, FIELDS
from .sections import DOCUMENT_SECTIONS, ORIGIN, ROW_SECTIONS, Column, columns


class StoredResources:
    """Adds the stored resources of a seed, unchanged except for missing fields.

    Args:
        tx: The open transaction.
    """

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._links = f"{tx.origin}/v1/task/"
        self._columns: dict[str, list[Column]] = {}
        self._first_rows: dict[str, int] = {}

    def add(self, section: str, entry: JsonObject) -> None:
        """Add the resource of an entry of a document section."""
        table = DOCUMENT_SECTIONS[section]
        found = self._found(table.name)
        extra = [column for column in found if column.name not in table.fields]
        check_names(entry, ["resource", *(column.key for column in extra)], section)
        document = entry.get("resource")
        if not is_object(document):
            raise invalid("resource", "must be an object")
        # All of the entry: what is beside the resource must be JSON as well.
        entry = self._linked(entry)
        document = entry["resource"]
        if section in FIELDS:
            document |= _missing(document, FIELDS[section](self._tx, document))
        _check_columns(document, table, found)
        if section in COLUMNS:
            entry |= _missing(entry, COLUMNS[section](self._tx, entry))
        values = {one.name: one.loaded(entry, self._tx.time) for one in extra}
        values = {name: value for name, value in values.items() if value is not None}
        if section == "batches":
            project = self._tx.project(document["project"])
            values["generative"] = project["type"] in GENERATIVE_TYPES
        try:
            key = DocumentTable(self._tx.db, table, self._tx.mode).add(document, **values)
        except sqlite3.IntegrityError as error:
            raise _taken(error) from None
        self._first_rows.setdefault(table.name, key)
        if section == "tasks":
            self._tx.write_tags(key, document)
            self._tx.annotations.add(document)
        elif section == "files":
            for project in document["project_names"]:
                self._tx.files.share(document, project)

    def add_row(self, section: str, entry: JsonObject) -> None:
        """Add an entry of a row section."""
        table = ROW_SECTIONS[section].name
        found = self._found(table)
        check_names(entry, [column.key for column in found], section)
        entry = self._linked(entry)
        row: dict[str, SqlValue] = {"world": self._tx.mode}
        row |= {column.name: column.loaded(entry, self._tx.time) for column in found}
        if section == "callbacks":
            row["host"] = _host(str(row["target"]))
        elif section == "probes":
            task_id = self._tx.task(str(row["task_id"]))["task_id"]
            row["key"] = self._tx.tasks.column(task_id, "key")
        # The annotations of tasks in this seed are there already.
        verb = "INSERT OR REPLACE" if section == "annotations" else "INSERT"
        try:
            added = self._tx.db.execute(
                f"{verb} INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                tuple(row.values()),
            )
        except sqlite3.IntegrityError as error:
            raise _taken(error) from None
        if any(column.kind == "json" for column in found):  # All others have been checked.
            self._first_rows.setdefault(table, added.lastrowid or 0)

    def check(self) -> None:
        """Check what was added since the last check, as in a snapshot.

        Raises:
            Refusal: If no sandbox could have stored it (400).
        """
        for table, first in self._first_rows.items():
            if problem := problem_of_rows(self._tx.db, table, first):
                raise bad_request(f"Parameter is invalid, reason: {problem}")
        self._first_rows.clear()

    def _found(self, table: str) -> list[Column]:
        if table not in self._columns:
            self._columns[table] = columns(self._tx.db, table)
        return self._columns[table]

    def _linked(self, entry: JsonObject) -> JsonObject:
        """Return a copy of an entry whose links to result files lead to this sandbox.

        Raises:
            Refusal: If it is not JSON, which seeds in code may contain (400).
        """
        try:
            text = dumps(entry)
        except (TypeError, ValueError, RecursionError):
            raise bad_request("The entry must be JSON.") from None
        linked = parse_json(text.replace(ORIGIN, self._links).encode())
        return json_object(linked)


def _missing(given: JsonObject, defaults: JsonObject) -> JsonObject:
    """Return the defaults of what is not given."""
    return {name: value for name, value in defaults.items() if given.get(name) is None}


def _check_columns(document: JsonObject, table: TableSpec, found: list[Column]) -> None:
    """Check the fields that are copied to columns; normalize times."""
    for column in found:
        if column.name not in table.fields:
            continue
        if column.required:
            required_text(document, column.name)
        value = text(document, column.name)
        if value is not None and column.kind == "time":
            document[column.name] = time(document, column.name)


def _taken(error: sqlite3.IntegrityError) -> Refusal:
    """Return the refusal for a value that must be unique."""
    name = str(error).rsplit(".", 1)[-1]
    return conflict(f'Parameter is invalid, reason: "{name}" is already used')


def _host(target: str) -> str:
    try:
        _ = urlsplit(target).port
        return host_of(target)
    except ValueError:
        raise invalid("target", "must be a URL or an email address") from None
