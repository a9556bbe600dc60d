"""The Scale AI API: :class:`ScaleClient` and the objects that it returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from .v2 import ApiClient, Configuration, ExpandableEnumTask, Option, V2Api
    from .v2 import Task as V2Task

__all__ = [
    "Api",
    "ApiClient",
    "Batch",
    "BatchStatus",
    "Batchlist",
    "Configuration",
    "EvaluationTask",
    "ExpandableEnumTask",
    "File",
    "Option",
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
    "V2Api",
    "V2Task",
    "__version__",
]

#: Names whose home is ``scaleapi.v2``, and what they are there.
_OF_V2 = {
    "ApiClient": "ApiClient",
    "Configuration": "Configuration",
    "ExpandableEnumTask": "ExpandableEnumTask",
    "Option": "Option",
    "V2Api": "V2Api",
    "V2Task": "Task",
}

if not TYPE_CHECKING:  # for checkers a module with __getattr__ has every name

    def __getattr__(name: str) -> object:
        """Load the v2 API when something of it is asked for."""
        from importlib import import_module  # noqa: PLC0415 - as late as what it is for

        if name in {"api_client", "v2"}:
            return import_module(f".{name}", __name__)
        if name in _OF_V2:
            return getattr(import_module(".v2", __name__), _OF_V2[name])
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
