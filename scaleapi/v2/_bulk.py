"""How chat tasks are created in bulk."""

from __future__ import annotations

from typing import TypeVar

from .._http.call import Deadline
from .._http.response import JSONObject, check_object
from .._interruption import raise_interruption
from ..bulk.creators import Creator
from ..exceptions import ScaleDuplicateResource, ScaleException
from ..tasks.creation import id_in_refusal

__all__ = ["ChatCreator"]

_T = TypeVar("_T")


class ChatCreator(Creator[_T]):
    """Makes chat tasks, which can be looked up by id only."""

    def _find(
        self, body: JSONObject, by_key: bool, duplicate: ScaleDuplicateResource, deadline: Deadline
    ) -> JSONObject | None:
        task_id = id_in_refusal(duplicate)
        if task_id is None:
            return None
        try:
            query = {"task_id": task_id}
            return check_object(self.api.get_request("task", query, deadline=deadline), "task_id")
        except ScaleException as error:
            raise_interruption(error)
            return {"task_id": task_id} if by_key else None
