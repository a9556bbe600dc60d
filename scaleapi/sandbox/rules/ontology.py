"""Ontologies: trees of choices."""

from __future__ import annotations

from ..base.documents import JsonObject
from ..base.validation import invalid
from .geometry_parameters import check_choices


def check_unique_choices(ontology: object) -> None:
    """Reject an ontology that is not a tree of choices or has a duplicate choice."""
    choices = _flatten(check_choices(ontology, "ontology"))
    if len(set(choices)) < len(choices):
        twice = next(choice for choice in choices if choices.count(choice) > 1)
        raise invalid("ontology", f"must not have the choice {twice!r} twice")


def _flatten(ontology: list[str | JsonObject]) -> list[str]:
    found: list[str] = []
    for entry in ontology:
        if isinstance(entry, str):
            found.append(entry)
        else:
            found.append(str(entry.get("choice")))
            found += _flatten(entry.get("subchoices") or [])
    return found
