"""The team."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from ..base.documents import JsonObject, is_array
from ..base.errors import bad_request
from ..base.validation import invalid, is_email, required_text
from .transaction import Transaction

GRANTED = ("labeler", "member", "manager")
"""Roles that can be granted."""

INACTIVE = ("invited", "disabled")
"""Roles of inactive members."""

_ADMIN: Mapping[str, Any] = {
    "email": "admin@sandbox.example",
    "role": "admin",
    "firstName": "Ada",
    "lastName": "Admin",
    "company": "Sandbox",
    "isStudioLabeler": False,
    "disableRapidEmails": False,
}


def members(tx: Transaction) -> list[JsonObject]:
    """Return all members, the only admin first."""
    return [dict(_ADMIN), *tx.teammates.all("key")]


def active(tx: Transaction) -> list[str]:
    """Return the email addresses of active members: neither invited nor disabled."""
    return [one["email"] for one in members(tx) if one["role"] not in INACTIVE]


def invite(tx: Transaction, addresses: Iterable[str], role: str) -> None:
    """Add people to the team; existing members stay unchanged."""
    known = {one["email"] for one in members(tx)}
    for address in addresses:
        if address not in known:
            tx.teammates.add(teammate(address, role))


def set_role(tx: Transaction, addresses: Iterable[str], role: str) -> None:
    """Change the role of members; that of an admin cannot be changed."""
    found = {one["email"]: one for one in members(tx)}
    for address in addresses:
        if address not in found:
            raise bad_request(f'The team has no member with the address "{address}".')
        if found[address]["role"] == "admin":
            raise bad_request(f'The role of "{address}" cannot be changed: it is admin.')
        tx.teammates.change(found[address] | _role(role))


def teammate(address: str, role: str) -> JsonObject:
    """Return a new member."""
    return {"email": address} | _role(role) | {"disableRapidEmails": False}


def _role(role: str) -> JsonObject:
    return {"role": role, "isStudioLabeler": role == "labeler"}


def worker_id(tx: Transaction, address: str) -> str:
    """Return the Studio id of a member: 24 hex digits, stable for an address."""
    return hashlib.sha256(f"{tx.mode} {address}".encode()).hexdigest()[:24]


def emails(body: JsonObject, name: str = "emails") -> list[str]:
    """Return a list of email addresses from ``body``, without duplicates."""
    value = body.get(name)
    if not is_array(value):
        raise invalid(name, "must be an array of email addresses")
    if not all(isinstance(address, str) and is_email(address) for address in value):
        raise invalid(name, "must contain only email addresses")
    return list(dict.fromkeys(value))


def granted_role(body: JsonObject) -> str:
    """Return the role from ``body``, which must be one that can be granted."""
    role = required_text(body, "team_role")
    if role not in GRANTED:
        raise invalid("team_role", f"must be one of: {', '.join(GRANTED)}")
    return role
