"""Training tasks, which teach labelers (Rapid only)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._enums import TaskType
from ._http.url import path
from .api import Resource
from .quality_tasks import QualityTask
from .tasks.creation import create_once
from .tasks.parameters import ParameterCheck

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .bulk.job import BulkOptions
    from .bulk.result import BulkResult
    from .bulk.sources import Rows

__all__ = ["QualityTask", "TrainingTask", "TrainingTaskMethods"]

#: What these tasks take besides the parameters of their type.
_OWN = frozenset({"expected_response"})


class TrainingTask(QualityTask):
    """A task with a known correct response, which teaches labelers."""


class TrainingTaskMethods(Resource):
    """The calls about training tasks."""

    def create_training_task(self, task_type: TaskType | str, **kwargs: Any) -> TrainingTask:
        """Create a training task, exactly once.

        Args:
            task_type: The type of the task.
            **kwargs: The parameters of a task of this type, and ``expected_response``
                (required).

        Raises:
            ScaleInvalidRequest: If a parameter is missing or invalid.

        Example:
            >>> client.create_training_task(
            ...     TaskType.ImageAnnotation,
            ...     project="parcels",
            ...     attachment="https://example.com/a17.jpg",
            ...     expected_response={"annotations": []},
            ... )
            TrainingTask(id='65f0a1b2c3d4e5f60718293b')
        """
        endpoint = path("training_tasks/{task_type}", task_type=task_type)
        check = ParameterCheck(self, task_type, also=_OWN)
        body = check.prepare(kwargs)
        with check.explained(body):
            return TrainingTask(create_once(self.api, endpoint, body, "id"), self)

    def create_training_tasks(
        self, task_type: TaskType | str, rows: Rows, **options: Unpack[BulkOptions]
    ) -> BulkResult[TrainingTask]:
        """Create a training task for each row, each exactly once.

        Args:
            task_type: The type of all of them.
            rows: The parameters of each; see :meth:`ScaleClient.create_tasks`.
            **options: The options of :meth:`ScaleClient.create_tasks`.

        Raises:
            ScaleArgumentError: If an argument is invalid.
        """
        from .bulk.creators import Creator  # noqa: PLC0415 - few programs need it
        from .bulk.job import Job  # noqa: PLC0415

        endpoint = path("training_tasks/{task_type}", task_type=task_type)
        check = ParameterCheck(self, task_type, also=_OWN)
        creator = Creator(
            self.api,
            endpoint,
            check.prepare,
            lambda json: TrainingTask(json, self),
            "id",
            explain=check.explained,
        )
        return Job(creator, rows, **options).result()
