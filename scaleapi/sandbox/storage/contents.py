"""Checks that what a database holds could have been written by a sandbox.

A database may come from a file that somebody has edited. What passes these checks is of the types
that every route expects.
"""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from typing import get_args

from ..base.clock import Clock
from ..base.errors import Refusal
from ..base.modes import MODES
from ..base.validation import parse_json
from ..rules.lifecycle import Product
from ..rules.statuses import BATCH_STATUSES, TASK_STATUSES, DeliveryState, Event
from .tables import (
    AUDITS,
    BATCHES,
    DATASET_DELIVERIES,
    DATASET_TASKS,
    DATASETS,
    FILES,
    GROUPS,
    PROJECTS,
    QUALITY_TASKS,
    RESPONSE_SCHEMAS,
    TASK_DELIVERIES,
    TASKS,
    TEAMMATES,
    TableSpec,
)

_TIME = "strftime('%Y-%m-%dT%H:%M:%fZ', {0}, '+0 days') IS {0} AND {0} BETWEEN '1970' AND '9999-12'"
_SIZE = "{0} BETWEEN 1 AND 9007199254740991"

_TRY = """
CASE type WHEN 'array' THEN json_array_length(value) = 4 AND json_type(value, '$[0]') = 'text'
AND json_type(value, '$[1]') IN ('integer', 'null') AND json_type(value, '$[2]') IN ('text', 'null')
AND json_type(value, '$[3]') IN ('integer', 'real') ELSE FALSE END"""

_BROKEN = """
CASE type WHEN 'array' THEN json_array_length(value) = 3 AND json_type(value, '$[0]') = 'integer'
AND json_type(value, '$[1]') IN ('integer', 'null') AND json_type(value, '$[2]') = 'text'
ELSE FALSE END"""

_LIST = (
    "json_valid({0}) AND json_type({0}) = 'array'"
    " AND NOT EXISTS (SELECT 1 FROM json_each({0}) WHERE NOT ({1}))"
)

_CHOICES: Mapping[str, Collection[str]] = {
    "world": MODES,
    "status": (*TASK_STATUSES, *BATCH_STATUSES),
    "product": get_args(Product),
    "event": get_args(Event),
    "state": get_args(DeliveryState),
}

_FORMS: Mapping[str, str] = {
    **{
        column: f"{{0}} IN ({', '.join(map(repr, choices))})"
        for column, choices in _CHOICES.items()
    },
    **dict.fromkeys(
        ("created_at", "updated_at", "completed_at", "last_audited_at", "due_at", "delivered_at"),
        _TIME,
    ),
    **dict.fromkeys(("width", "height"), _SIZE),
    "tries": _LIST.format("{0}", _TRY),
    "broken_attachments": _LIST.format("{0}", _BROKEN),
    "studio_groups": _LIST.format("{0}", "type = 'text'"),
    "body": "json_valid({0}) AND json_type({0}) = 'object'",
}
"""What a value must be in a column of this name, in any table."""

_DOCUMENTS: tuple[tuple[TableSpec, Mapping[str, str]], ...] = (
    (PROJECTS, {"param_history": "versions", "archived": "boolean"}),
    (BATCHES, {"metadata": "object", "callback": "text?"}),
    (
        TASKS,
        {
            "instruction": "text?",
            "work_started": "boolean",
            "params": "object",
            "metadata": "object",
            "callback_url": "text?",
            "response": "object?",
            "tags": "texts?",
            "audits": "objects?",
            "prior_responses": "objects?",
        },
    ),
    (AUDITS, {"audited_at": "text"}),
    (TEAMMATES, {"role": "text"}),
    (GROUPS, {"name": "text", "workers": "objects"}),
    (QUALITY_TASKS, {"type": "text"}),
    (RESPONSE_SCHEMAS, {"json": "text"}),
    (TASK_DELIVERIES, {"schema": "text?"}),
    (DATASETS, {}),
    (DATASET_DELIVERIES, {"metadata": "object?"}),
    (DATASET_TASKS, {}),
    (
        FILES,
        {
            "mime_type": "text",
            "size": "integer",
            "project_names": "texts",
            "updated_at": "text",
        },
    ),
)
"""The types of further fields of documents, by table; those with ``?`` may be absent or null."""

_REFERENCES = (
    ("batches", "project", "projects", "name"),
    ("tasks", "project", "projects", "name"),
    ("tasks", "batch", "batches", "name"),
    ("tasks", "delivery", "task_deliveries", "id"),
    ("task_deliveries", "project", "projects", "name"),
)
"""Each a column, and the column of the same mode in which its values must be."""

_COLUMNS = """
SELECT tables.name, columns.name, columns.type, columns."notnull" OR columns.pk
FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
WHERE tables.type = 'table'
"""

_ELEMENTS = {
    "objects": "type = 'object'",
    "texts": "type = 'text'",
    "versions": "CASE type WHEN 'object' THEN json_type(value, '$.created_at') IS 'text'"
    " AND json_type(value, '$.version') IS 'integer' ELSE FALSE END",
}
"""What each element of a list must be."""

_KINDS: Mapping[str, str] = {
    "boolean": "json_type(body, '$.{0}') IN ('true', 'false')",
    **{kind: f"json_type(body, '$.{{0}}') = '{kind}'" for kind in ("object", "text", "integer")},
    **{
        kind: f"json_type(body, '$.{{0}}') = 'array' AND NOT EXISTS"
        f" (SELECT 1 FROM json_each(body, '$.{{0}}') WHERE NOT ({element}))"
        for kind, element in _ELEMENTS.items()
    },
}


def problem_of(db: sqlite3.Connection) -> str | None:
    """Return what is wrong with the content of a database, or None.

    Raises:
        sqlite3.Error: If it cannot be read, such as text that is not UTF-8.
    """
    return next(_problems(db), None)


def problem_of_rows(db: sqlite3.Connection, table: str, first: int) -> str | None:
    """Return what is wrong with the rows of a table from one on and their documents, or None."""
    (columns,) = _columns(db, table).values()
    return next(_problems_of(db, table, columns, first), None)


def _problems(db: sqlite3.Connection) -> Iterator[str]:
    if not _is_account(db.execute("SELECT secret, ahead, frozen_at FROM account").fetchall()):
        yield "the account is invalid"
    for table, columns in _columns(db).items():
        yield from _problems_of(db, table, columns)
        for _ in db.execute(f"SELECT {', '.join(columns)} FROM {table}"):
            pass  # Reading decodes text.
    for table, column, other, identity in _REFERENCES:
        if db.execute(
            f"SELECT 1 FROM {table} AS t WHERE {column} IS NOT NULL AND NOT EXISTS"
            f" (SELECT 1 FROM {other} AS o WHERE o.world = t.world AND o.{identity} = t.{column})"
        ).fetchone():
            yield f"{table}.{column} is not in {other}.{identity}"
    bodies = "SELECT body FROM documents UNION ALL SELECT body FROM deliveries"
    if not all(_is_json(body) for (body,) in db.execute(bodies)):
        yield "a document is not JSON"


def _columns(db: sqlite3.Connection, table: str | None = None) -> dict[str, dict[str, str]]:
    """Return the check of each column of each table, or of one."""
    found: dict[str, dict[str, str]] = {}
    rows = db.execute(f"{_COLUMNS} AND ? IN (tables.name, '')", (table or "",)).fetchall()
    for name, column, declared, required in rows:
        found.setdefault(name, {})[column] = _column_check(column, declared, required)
    return found


def _problems_of(
    db: sqlite3.Connection, table: str, columns: Mapping[str, str], first: int | None = None
) -> Iterator[str]:
    """Yield what is wrong in the rows of a table, all or from one on, and in their documents."""
    where = "" if first is None else f" WHERE {table}.rowid >= {first}"
    for name in _failed(db, f"{table}{where}", columns):
        yield f"{table}.{name} has an invalid value"
    for spec, fields in _DOCUMENTS:
        if spec.name == table:
            rows = f"{table} LEFT JOIN documents USING (key){where}"
            for name in _failed(db, rows, _document_checks(spec, fields)):
                yield f"the {name} of a document in {table} is invalid"


def _is_json(text: str) -> bool:
    """Return whether a request could have had this text as its body."""
    try:
        parse_json(text.encode())
    except Refusal:
        return False
    return True


def _is_account(rows: list[tuple[object, ...]]) -> bool:
    if len(rows) != 1:
        return False
    secret, ahead, frozen_at = rows[0]
    if not isinstance(secret, bytes) or not isinstance(ahead, int | float):
        return False
    if frozen_at is not None and not isinstance(frozen_at, str):
        return False
    try:
        for clock in (Clock(ahead=ahead), Clock(frozen_at=frozen_at)):
            clock.set(clock.now())  # which checks the time
    except (ValueError, OverflowError):
        return False
    return True


def _column_check(column: str, declared: str, required: bool) -> str:
    types = "'integer', 'real'" if declared == "REAL" else f"'{declared.lower()}'"
    check = f"typeof({column}) IN ({types})"
    if column in _FORMS and declared != "BLOB":
        check += f" AND {_FORMS[column].format(column)}"
    return check if required else f"{column} IS NULL OR ({check})"


def _document_checks(spec: TableSpec, fields: Mapping[str, str]) -> dict[str, str]:
    checks = {"JSON": "body IS NOT NULL"}
    for name in spec.fields:
        value = f"json_extract(body, '$.{name}')"
        checks[name] = f"{value} IS {spec.name}.{name} AND typeof({value}) IN ('text', 'null')"
    for name, wanted in fields.items():
        checks[name] = f"({_KINDS[wanted.rstrip('?')].format(name)}) IS TRUE"
        if wanted.endswith("?"):
            checks[name] += f" OR COALESCE(json_type(body, '$.{name}'), 'null') = 'null'"
    if spec is TASKS:
        checks["response"] += " AND status NOT IN ('completed', 'error')"
    return checks


def _failed(db: sqlite3.Connection, rows: str, checks: Mapping[str, str]) -> list[str]:
    """Return the names of the checks that fail in the first row in which one fails."""
    names = [f"c{number}" for number in range(len(checks))]
    columns = [f"({check}) AS {name}" for check, name in zip(checks.values(), names, strict=True)]
    found = db.execute(
        f"SELECT * FROM (SELECT {', '.join(columns)} FROM {rows})"
        f" WHERE NOT ({' AND '.join(names)}) LIMIT 1"
    ).fetchone()
    return [name for name, passed in zip(checks, found or (), strict=False) if not passed]
