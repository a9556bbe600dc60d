"""What a row is made into, and how a creation is repeated without making a second one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from .._arguments import is_given
from .._http.call import Deadline
from .._http.response import JSONObject, possibly_applied
from ..api import Api
from ..exceptions import ScaleDuplicateResource
from ..tasks.comparison import has_same_input
from ..tasks.creation import create_once, existing_task
from ..tasks.refusal import Refusal

__all__ = ["Creator", "Item", "Made", "TaskCreator"]

_T = TypeVar("_T")


class Item(NamedTuple):
    """A row that is ready to be sent.

    Attributes:
        number: The row's place in the input, from 0.
        row: The row, as it was read.
        body: The body of the request.
        key: The idempotency key.
        size: The size of the body in bytes, more or less.
        sent_before: Whether an earlier run may have sent it.
    """

    number: int
    row: Mapping[str, Any]
    body: JSONObject
    key: str
    size: int
    sent_before: bool = False


@dataclass(frozen=True)
class Made:
    """What a creation led to.

    Attributes:
        json: The task, or what is known of it.
        task_id: Its id.
        new: Whether this row made it, now or in an earlier run that noted its intent.
    """

    json: JSONObject
    task_id: str
    new: bool


class Creator(Generic[_T]):
    """Makes tasks at an endpoint where a used idempotency key is a conflict.

    Args:
        api: The service.
        endpoint: The quoted path.
        prepare: Checks the parameters and returns the body.
        wrap: Makes the task of a response.
        id_key: Where a response has the id.
        explain: Returns a context in which errors are explained, for a body.

    It can be pickled, without what only the process needs that reads the rows.

    Attributes:
        name: What it makes, for the journal and the idempotency keys.
    """

    def __init__(
        self,
        api: Api,
        endpoint: str,
        prepare: Callable[[Mapping[str, Any]], JSONObject],
        wrap: Callable[[JSONObject], _T],
        id_key: str = "task_id",
        explain: Callable[[JSONObject], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.api = api
        self.name = endpoint
        self.prepare = prepare
        self._endpoint = endpoint
        self.wrap = wrap
        self._id_key = id_key
        self._explain = explain

    def __getstate__(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.__dict__.items() if name not in ("prepare", "wrap")
        }

    def create(self, body: JSONObject, key: str, sent_before: bool) -> Made:
        """Create a task, or find the one that is there already.

        Args:
            body: What :attr:`prepare` returned.
            key: The idempotency key.
            sent_before: Whether an earlier run may have created it.

        Raises:
            ScaleDuplicateResource: There is one, and it was not found.
            ScaleException: The call failed.
        """
        deadline = Deadline(self.api.options.deadline)
        try:
            with self._explain(body):
                json = create_once(self.api, self._endpoint, body, self._id_key, key, deadline)
            return Made(json, json[self._id_key], new=True)
        except ScaleDuplicateResource as error:
            refusal = Refusal(error, key, body.get("unique_id"))
        by_this_run = sent_before or refusal.error.may_have_been_applied
        if refusal.names_key:
            possibly_applied(refusal.error)
        found = self._find(body, refusal, deadline)
        if found is None:
            raise refusal.error
        return Made(found, found[self._id_key], new=refusal.names_key and by_this_run)

    def known(self, task_id: str) -> _T:
        """Return a task of which only the id is known."""
        return self.wrap({self._id_key: task_id})

    def _find(self, body: JSONObject, refusal: Refusal, deadline: Deadline) -> JSONObject | None:
        """Return the task in the way; of one that cannot be asked for, there is only the id."""
        task_id = refusal.task_id if refusal.names_key else None
        return None if task_id is None else {self._id_key: task_id}


class TaskCreator(Creator[_T]):
    """Makes ordinary tasks, which can be looked up."""

    def _find(self, body: JSONObject, refusal: Refusal, deadline: Deadline) -> JSONObject | None:
        may_be_of_key = refusal.is_about_keys or refusal.error.may_have_been_applied
        if not (may_be_of_key or is_given(refusal.unique_id)):
            return None
        found = existing_task(self.api, self._endpoint, refusal, deadline)
        if found is None or has_same_input(found, body):
            return found
        if refusal.names_key:
            return found if found["task_id"] == refusal.task_id else None
        refusal.add_hint_about(found["task_id"], "attachment, text or project")
        return None
