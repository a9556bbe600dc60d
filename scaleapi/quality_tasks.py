"""Quality tasks: work with a known answer, by which labelers are measured or taught."""

from __future__ import annotations

from typing import Any

from ._http.response import JSONObject
from ._model.fields import Field
from ._model.objects import ApiObject

__all__ = ["QualityTask"]


class QualityTask(ApiObject):
    """What evaluation and training tasks have in common."""

    _required = ("id",)
    _identity = "id"
    _shown = ("id",)

    id = Field[str]("id", "The quality task's id.")
    expected_response = Field[JSONObject]("expected_response", "The right answer.")
    initial_response = Field[JSONObject | None](
        "initial_response", "The answer to review, if the task is for the review phase."
    )

    def __init__(self, json: JSONObject, client: Any) -> None:
        super().__init__(json, client)

    def _repr_html_(self) -> str:
        from ._notebook import task_card  # noqa: PLC0415 - only a notebook asks

        return task_card(type(self).__name__, self._identity, self._json, "expected_response")
