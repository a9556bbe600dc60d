"""Evaluation tasks, which measure labelers (Rapid only)."""

from __future__ import annotations

from typing import Any

from ._enums import TaskType
from ._http.url import path
from .api import Resource
from .quality_tasks import QualityTask
from .tasks.creation import create_once

__all__ = ["EvaluationTask", "EvaluationTaskMethods", "QualityTask"]


class EvaluationTask(QualityTask):
    """A task with a known correct response, which measures labelers."""


class EvaluationTaskMethods(Resource):
    """The calls about evaluation tasks."""

    def create_evaluation_task(self, task_type: TaskType | str, **kwargs: Any) -> EvaluationTask:
        """Create an evaluation task, exactly once.

        Args:
            task_type: The type of the task.
            **kwargs: The parameters of a task of this type, ``expected_response`` (required),
                and ``initial_response`` if labelers review a response instead of labeling.

        Raises:
            ScaleInvalidRequest: If a parameter is missing or invalid.

        Example:
            >>> client.create_evaluation_task(
            ...     TaskType.ImageAnnotation,
            ...     project="parcels",
            ...     attachment="https://example.com/a17.jpg",
            ...     expected_response={"annotations": []},
            ... )
            EvaluationTask(id='65f0a1b2c3d4e5f60718293b')
        """
        endpoint = path("evaluation_tasks/{task_type}", task_type=task_type)
        return EvaluationTask(create_once(self.api, endpoint, kwargs, "id"), self)
