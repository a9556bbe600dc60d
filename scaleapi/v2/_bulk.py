"""How chat tasks are created in bulk."""

from __future__ import annotations

from typing import TypeVar

from .._http.call import Deadline
from .._http.response import JSONObject, check_object
from .._interruption import raise_interruption
from ..bulk.creators import Creator
from ..exceptions import ScaleException
from ..tasks.refusal import Refusal

__all__ = ["ChatCreator"]

_T = TypeVar("_T")


class ChatCreator(Creator[_T]):
    """Makes chat tasks, which can be looked up by id only."""

    def _find(self, body: JSONObject, refusal: Refusal, deadline: Deadline) -> JSONObject | None:
        task_id = refusal.task_id
        if task_id is None or not (refusal.names_key or refusal.names_unique_id):
            return None
        query: JSONObject = {"task_id": task_id}
        if not refusal.names_key:
            query["expand"] = ["project"]
        try:
            found = check_object(self.api.get_request("task", query, deadline=deadline), "task_id")
        except ScaleException as error:
            raise_interruption(error)
            return {"task_id": task_id} if refusal.names_key else None
        if refusal.names_key:
            return found
        if found.get("unique_id", refusal.unique_id) != refusal.unique_id:
            return None
        project = found.get("project")
        known = project if isinstance(project, dict) else {"id": project}
        if _is_of(known, body):
            return {**found, "project": known.get("id")}
        refusal.add_hint_about(task_id, "project")
        return None


def _is_of(project: JSONObject, body: JSONObject) -> bool:
    """Return whether a project is the one of a body, as far as can be known."""
    pairs = [(project.get("id"), "project_id"), (project.get("name"), "project_name")]
    return all(value is None or body.get(name) in (None, value) for value, name in pairs)
