"""Studio, which requires the live key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, Response

from ..base.documents import JsonObject, is_array, is_object
from ..base.errors import bad_request
from ..base.validation import invalid, is_email, required_text
from ..resources import studio as work
from ..resources.team import emails
from ..resources.transaction import Transaction
from ..web import caller_mode, json_response, object_body, transaction

studio = Blueprint("studio", __name__)


@studio.before_request
def _check_key() -> None:
    if caller_mode() != "live":
        raise bad_request("Studio is available in live mode only: use the live API key.")


@studio.get("/assignments")
def list_assignments() -> Response:
    """Return the assigned projects of each team member."""
    with transaction() as tx:
        return json_response(work.assignments(tx))


@studio.post("/assignments/add")
def add_assignments() -> Response:
    """Assign people to projects."""
    return _change_assignments(work.assign)


@studio.post("/assignments/remove")
def remove_assignments() -> Response:
    """Remove people from projects."""
    return _change_assignments(work.unassign)


def _change_assignments(
    change: Callable[[Transaction, Sequence[str], Sequence[str]], None],
) -> Response:
    body = object_body()
    addresses, projects = emails(body), _strings(body, "projects")
    with transaction() as tx:
        change(tx, addresses, projects)
        return json_response(work.assignments(tx))


@studio.get("/projects/<project>/groups")
def list_groups(project: str) -> Response:
    """List the groups of a project."""
    with transaction() as tx:
        work.check_project(tx, project)
        return json_response(work.groups(tx, project))


@studio.post("/projects/<project>/groups")
def create_group(project: str) -> Response:
    """Create a group of people who are assigned to the project."""
    body = object_body()
    name, addresses = required_text(body, "name"), emails(body)
    if is_email(name):
        raise invalid("name", "must not be an email address, which stands for a group of one")
    with transaction() as tx:
        work.check_project(tx, project)
        return json_response(work.add_group(tx, project, name, addresses))


@studio.put("/projects/<project>/groups/<name>")
def change_group(project: str, name: str) -> Response:
    """Add people to a group and remove others."""
    body = object_body()
    add, remove = (
        emails(body, key) if body.get(key) is not None else []
        for key in ("add_emails", "remove_emails")
    )
    with transaction() as tx:
        work.check_project(tx, project)
        return json_response(work.change_group(tx, project, name, add, remove))


@studio.get("/batches")
def list_pending() -> Response:
    """List the pending batches by priority."""
    with transaction() as tx:
        return json_response(work.batches(tx))


@studio.put("/batches/<name>")
def set_groups(name: str) -> Response:
    """Set the groups of a batch."""
    wanted = _strings(object_body(), "groups")
    with transaction() as tx:
        return json_response(work.set_groups(tx, name, wanted))


@studio.post("/batches/set_priorities")
def set_priorities() -> Response:
    """Set the order of all pending batches."""
    body = object_body()
    key = "batches" if "batches" in body else "groups"
    names = _names(body.get(key), key)
    with transaction() as tx:
        work.set_priorities(tx, names)
        return json_response(work.batches(tx))


@studio.post("/batches/reset_priorities")
def reset_priorities() -> Response:
    """Clear all priorities."""
    with transaction() as tx:
        work.reset_priorities(tx)
        return json_response(work.batches(tx))


def _strings(body: JsonObject, name: str) -> list[str]:
    value = body.get(name)
    if not is_array(value) or not all(isinstance(entry, str) and entry for entry in value):
        raise invalid(name, "must be an array of non-empty strings")
    return value


def _names(value: object, key: str) -> list[str]:
    if not is_array(value) or not all(is_object(entry) for entry in value):
        raise invalid(key, 'must be an array of objects with a "name"')
    return [required_text(entry, "name") for entry in value]
