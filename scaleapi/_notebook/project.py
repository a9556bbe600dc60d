"""The card of a project."""

from __future__ import annotations

from collections.abc import Mapping

from .facts import object_card
from .html import Html

__all__ = ["project_card"]


def project_card(kind: str, identity: str | None, project: Mapping[str, object]) -> Html:
    """Return the card of a project, with its latest parameters first and older ones folded."""
    history = project.get("param_history")
    if not isinstance(history, list) or not history or not isinstance(history[-1], dict):
        return object_card(kind, identity, project)
    latest = {key: history[-1].get(key) for key in ("version", "instruction")}
    shown = {**latest, **project, "parameters": history[-1], "older_versions": history[-2::-1]}
    return object_card(kind, identity, shown, without=("param_history",))
