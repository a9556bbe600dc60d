"""Studio: assignments, groups, and priorities of batches.

A Studio batch is pending from its finalization until its last task is finished.
"""

# Names in the SQL below are constants of this package; values are always bound.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from ..base.documents import JsonObject, dumps
from ..base.errors import bad_request, conflict, not_found
from ..base.validation import is_email
from . import team
from .transaction import Transaction

# Assignments


def assignments(tx: Transaction) -> dict[str, list[str]]:
    """Return the assigned projects of each active team member."""
    assigned: dict[str, list[str]] = {address: [] for address in team.active(tx)}
    rows = tx.db.execute(
        "SELECT email, project FROM studio_assignments WHERE world = ? ORDER BY key", (tx.mode,)
    )
    for address, project in rows:
        if address in assigned:
            assigned[address].append(project)
    return assigned


def assign(tx: Transaction, addresses: Sequence[str], projects: Iterable[str]) -> None:
    """Assign people to projects; existing assignments stay."""
    _check_active(tx, addresses)
    for project in projects:
        check_project(tx, project)
        tx.db.executemany(
            "INSERT OR IGNORE INTO studio_assignments (world, email, project) VALUES (?, ?, ?)",
            [(tx.mode, address, project) for address in addresses],
        )


def unassign(tx: Transaction, addresses: Sequence[str], projects: Iterable[str]) -> None:
    """Remove people from projects and from groups of these projects."""
    for project in projects:
        check_project(tx, project)
        tx.db.executemany(
            "DELETE FROM studio_assignments WHERE world = ? AND email = ? AND project = ?",
            [(tx.mode, address, project) for address in addresses],
        )
        for group in groups(tx, project):
            _change_members(tx, group, lambda address: address not in addresses)


def check_project(tx: Transaction, name: str) -> None:
    """Reject a project that does not exist (404) or is not a Studio project (400)."""
    tx.project(name)
    if tx.product(name) != "studio":
        raise bad_request(f'The project "{name}" is not a Studio project.')


def _check_active(tx: Transaction, addresses: Iterable[str]) -> None:
    unknown = set(addresses) - set(team.active(tx))
    if unknown:
        raise bad_request(f'The team has no active member with the address "{min(unknown)}".')


# Groups


def groups(tx: Transaction, project: str) -> list[JsonObject]:
    """Return the groups of a project, oldest first."""
    rows = tx.db.execute(
        "SELECT body FROM studio_groups JOIN documents USING (key)"
        " WHERE world = ? AND project = ? ORDER BY key",
        (tx.mode, project),
    )
    return [json.loads(body) for (body,) in rows]


def add_group(
    tx: Transaction, project: str, name: str, addresses: Sequence[str], *, singleton: bool = False
) -> JsonObject:
    """Create a group of people who are assigned to the project."""
    if name in _names(tx, project):
        raise conflict(f'The project "{project}" already has a group with the name "{name}".')
    _check_assigned(tx, project, addresses)
    group: JsonObject = {
        "id": tx.new_id(),
        "name": name,
        "numWorkers": len(addresses),
        "isSingleton": singleton,
        "workers": [_worker(tx, address) for address in addresses],
    }
    tx.groups.add(group, project=project)
    return group


def change_group(
    tx: Transaction, project: str, name: str, add: Sequence[str], remove: Sequence[str]
) -> JsonObject:
    """Add people to a group and remove others; removal wins."""
    group = next((one for one in groups(tx, project) if one["name"] == name), None)
    if group is None:
        raise not_found(f'The project "{project}" has no group with the name "{name}".')
    _check_assigned(tx, project, add)
    there = [worker["email"] for worker in group["workers"]]
    group["workers"] += [_worker(tx, address) for address in add if address not in there]
    return _change_members(tx, group, lambda address: address not in remove)


def _change_members(tx: Transaction, group: JsonObject, stays: Callable[[str], bool]) -> JsonObject:
    group["workers"] = [worker for worker in group["workers"] if stays(worker["email"])]
    group["numWorkers"] = len(group["workers"])
    tx.groups.change(group)
    return group


def _names(tx: Transaction, project: str) -> list[str]:
    return [group["name"] for group in groups(tx, project)]


def _worker(tx: Transaction, address: str) -> JsonObject:
    return {"id": team.worker_id(tx, address), "email": address}


def _check_assigned(tx: Transaction, project: str, addresses: Iterable[str]) -> None:
    assigned = assignments(tx)
    for address in addresses:
        if project not in assigned.get(address, []):
            raise bad_request(f'"{address}" is not assigned to the project "{project}".')


# Batches


def batches(tx: Transaction) -> list[JsonObject]:
    """Return the pending batches by priority.

    Batches without a priority come last: calibration before production, then oldest first.
    """
    pending = sorted(
        _rows(tx, " AND batches.status = 'in_progress'"),
        key=lambda batch: (
            batch["studioPriority"] is None,
            batch["studioPriority"] or 0,
            batch["batchType"] != "Calibration",
        ),
    )
    return [batch | _progress(tx, batch["name"]) for batch in pending]


def set_groups(tx: Transaction, name: str, wanted: Sequence[str]) -> JsonObject:
    """Set the groups of a batch; an email address stands for a group of one."""
    batch = tx.batch(name)
    project = batch["project"]
    check_project(tx, project)
    if batch["status"] == "completed":
        raise bad_request(f'The batch "{name}" is completed: its groups cannot be changed.')
    for group in wanted:
        _check_group(tx, project, group)
    tx.db.execute(
        "UPDATE batches SET studio_groups = ? WHERE world = ? AND name = ?",
        (dumps(list(dict.fromkeys(wanted))), tx.mode, name),
    )
    (changed,) = _rows(tx, " AND batches.name = ?", name)
    return changed | _progress(tx, name)


def _check_group(tx: Transaction, project: str, name: str) -> None:
    """Reject a group that does not exist; create a single-person group on demand."""
    exists = name in _names(tx, project)
    if is_email(name) and exists:
        change_group(tx, project, name, [name], [])
    elif is_email(name):
        add_group(tx, project, name, [name], singleton=True)
    elif not exists:
        raise bad_request(f'The project "{project}" has no group with the name "{name}".')


def set_priorities(tx: Transaction, names: Sequence[str]) -> None:
    """Order the pending batches; all of them must be listed."""
    if sorted(names) != sorted(batch["name"] for batch in batches(tx)):
        raise bad_request("All pending batches must be listed exactly once.")
    tx.db.executemany(
        "UPDATE batches SET studio_priority = ? WHERE world = ? AND name = ?",
        [(place, tx.mode, name) for place, name in enumerate(names, start=1)],
    )


def reset_priorities(tx: Transaction) -> None:
    """Clear all priorities."""
    tx.db.execute("UPDATE batches SET studio_priority = NULL WHERE world = ?", (tx.mode,))


def _rows(tx: Transaction, condition: str, *values: str) -> list[JsonObject]:
    """Return Studio batches without progress, oldest first."""
    rows = tx.db.execute(
        "SELECT body, projects.id, studio_priority, studio_groups"
        " FROM batches JOIN documents ON documents.key = batches.key"
        " JOIN projects ON projects.world = batches.world AND projects.name = batches.project"
        f" WHERE batches.world = ? AND projects.product = 'studio'{condition}"
        " ORDER BY batches.created_at, batches.key",
        (tx.mode, *values),
    )
    return [_batch(json.loads(body), *further) for body, *further in rows]


def _batch(
    batch: JsonObject, project_id: str, priority: int | None, groups: str | None
) -> JsonObject:
    return {
        "id": batch["id"],
        "name": batch["name"],
        "projectId": project_id,
        "projectName": batch["project"],
        "batchType": "Calibration" if batch.get("calibration_batch") else "Production",
        "studioPriority": priority,
        "groups": json.loads(groups) if groups else [],
    }


def _progress(tx: Transaction, name: str) -> JsonObject:
    counts = tx.counts(name)
    return {"total": sum(counts.values()), "completed": counts.get("completed", 0)}
