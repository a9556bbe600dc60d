"""The Scale AI API: :class:`ScaleClient` and the objects that it returns."""

from __future__ import annotations

from ._version import __version__
from .api import Api
from .batches import Batch, BatchStatus
from .client import ScaleClient
from .evaluation_tasks import EvaluationTask
from .exceptions import (
    ScaleArgumentError,
    ScaleBadResponse,
    ScaleConnectionError,
    ScaleDeadlineExceeded,
    ScaleDuplicateResource,
    ScaleException,
    ScaleInvalidRequest,
    ScaleResourceNotFound,
    ScaleTimeoutError,
    ScaleTooManyRequests,
    ScaleUnauthorized,
)
from .files import File
from .pagination import Batchlist, Paginator, Tasklist
from .projects import Project, TaskTemplate
from .studio import StudioBatch, StudioLabelerAssignment, StudioProjectGroup
from .tasks import Task, TaskReviewStatus, TaskStatus, TaskType
from .teams import Teammate, TeammateRole
from .training_tasks import TrainingTask

__all__ = [
    "Api",
    "Batch",
    "BatchStatus",
    "Batchlist",
    "EvaluationTask",
    "File",
    "Paginator",
    "Project",
    "ScaleArgumentError",
    "ScaleBadResponse",
    "ScaleClient",
    "ScaleConnectionError",
    "ScaleDeadlineExceeded",
    "ScaleDuplicateResource",
    "ScaleException",
    "ScaleInvalidRequest",
    "ScaleResourceNotFound",
    "ScaleTimeoutError",
    "ScaleTooManyRequests",
    "ScaleUnauthorized",
    "StudioBatch",
    "StudioLabelerAssignment",
    "StudioProjectGroup",
    "Task",
    "TaskReviewStatus",
    "TaskStatus",
    "TaskTemplate",
    "TaskType",
    "Tasklist",
    "Teammate",
    "TeammateRole",
    "TrainingTask",
    "__version__",
]
