"""The Scale AI API: :class:`ScaleClient` and the objects that it returns.

Names are loaded when they are first used, so that ``import scaleapi`` alone costs almost nothing.
"""

from __future__ import annotations

from ._version import __version__

TYPE_CHECKING = False  # as checkers know it; to import it takes half of the time

if TYPE_CHECKING:
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

#: The module that each name comes from, and what it is called there if that differs.
_HOMES = {
    "api": ("Api",),
    "batches": (
        "Batch",
        "BatchStatus",
    ),
    "client": ("ScaleClient",),
    "evaluation_tasks": ("EvaluationTask",),
    "exceptions": (
        "ScaleArgumentError",
        "ScaleBadResponse",
        "ScaleConnectionError",
        "ScaleDeadlineExceeded",
        "ScaleDuplicateResource",
        "ScaleException",
        "ScaleInvalidRequest",
        "ScaleResourceNotFound",
        "ScaleTimeoutError",
        "ScaleTooManyRequests",
        "ScaleUnauthorized",
    ),
    "files": ("File",),
    "pagination": (
        "Batchlist",
        "Paginator",
        "Tasklist",
    ),
    "projects": (
        "Project",
        "TaskTemplate",
    ),
    "studio": (
        "StudioBatch",
        "StudioLabelerAssignment",
        "StudioProjectGroup",
    ),
    "tasks": (
        "Task",
        "TaskReviewStatus",
        "TaskStatus",
        "TaskType",
    ),
    "teams": (
        "Teammate",
        "TeammateRole",
    ),
    "training_tasks": ("TrainingTask",),
    "v2": (
        "ApiClient",
        "Configuration",
        "ExpandableEnumTask",
        "Option",
        "V2Api",
    ),
}
_OTHER_NAMES = {"V2Task": ("v2", "Task")}

_MODULES = frozenset(
    {
        "api",
        "api_client",
        "batches",
        "callbacks",
        "client",
        "drawing",
        "evaluation_tasks",
        "exceptions",
        "export",
        "files",
        "pagination",
        "projects",
        "quality_tasks",
        "sandbox",
        "studio",
        "tasks",
        "teams",
        "training_tasks",
        "v2",
    }
)

if not TYPE_CHECKING:  # for checkers a module with __getattr__ has every name
    _ORIGINS = {
        name: (module, name) for module, names in _HOMES.items() for name in names
    } | _OTHER_NAMES

    def __getattr__(name: str) -> object:
        """Load a name, or a module of the package, when it is first used."""
        from importlib import import_module  # noqa: PLC0415 - as late as what it is for

        if name in _MODULES:
            return import_module(f".{name}", __name__)
        if name not in _ORIGINS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
        module, original = _ORIGINS[name]
        value = getattr(import_module(f".{module}", __name__), original)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """Return the names of the package, loaded or not."""
        return sorted({*globals(), *__all__, *_MODULES})
