"""Quality tasks: tasks with a known correct response, which measure or teach labelers."""

from __future__ import annotations

from typing import Any

from ._http.response import JSONObject
from ._model.fields import Field
from ._model.objects import ApiObject

__all__ = ["QualityTask"]


class QualityTask(ApiObject):
    """The base class of evaluation and training tasks."""

    _required = ("id",)
    _identity = "id"
    _shown = ("id",)

    id = Field[str]("id", "The quality task's id.")
    expected_response = Field[JSONObject]("expected_response", "The correct response.")
    initial_response = Field[JSONObject | None](
        "initial_response", "The response to review, if this is a review task."
    )

    def __init__(self, json: JSONObject, client: Any) -> None:
        super().__init__(json, client)

    def _repr_html_(self) -> str:
        from ._notebook import task_card  # noqa: PLC0415 - only notebooks need it

        return task_card(type(self).__name__, self._identity, self._json, "expected_response")
