"""A client for the Scale AI API: :class:`ScaleClient` and the objects that it returns.

Names are loaded when they are first used, so ``import scaleapi`` alone is fast.
"""

from __future__ import annotations

from ._version import __version__

TYPE_CHECKING = False  # type checkers know this name; importing typing would double the time

if TYPE_CHECKING:
    from .account_seed import seed_from_account
    from .api import Api
    from .batches import Batch, BatchStatus
    from .bulk import BulkResult, Progress, RateLimiter, RowOutcome
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
        ScaleParameterWarning,
        ScaleResourceNotFound,
        ScaleTaskFailed,
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
    "BulkResult",
    "Configuration",
    "EvaluationTask",
    "ExpandableEnumTask",
    "File",
    "Option",
    "Paginator",
    "Progress",
    "Project",
    "RateLimiter",
    "RowOutcome",
    "ScaleArgumentError",
    "ScaleBadResponse",
    "ScaleClient",
    "ScaleConnectionError",
    "ScaleDeadlineExceeded",
    "ScaleDuplicateResource",
    "ScaleException",
    "ScaleInvalidRequest",
    "ScaleParameterWarning",
    "ScaleResourceNotFound",
    "ScaleTaskFailed",
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
    "seed_from_account",
]

#: The names that each module provides.
_HOMES = {
    "account_seed": ("seed_from_account",),
    "api": ("Api",),
    "batches": (
        "Batch",
        "BatchStatus",
    ),
    "bulk": (
        "BulkResult",
        "Progress",
        "RateLimiter",
        "RowOutcome",
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
        "ScaleParameterWarning",
        "ScaleResourceNotFound",
        "ScaleTaskFailed",
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
        "account_seed",
        "api",
        "api_client",
        "batches",
        "bulk",
        "callbacks",
        "client",
        "drawing",
        "evaluation_tasks",
        "exceptions",
        "export",
        "files",
        "pagination",
        "params",
        "projects",
        "quality_tasks",
        "responses",
        "sandbox",
        "studio",
        "tasks",
        "teams",
        "training_tasks",
        "v2",
    }
)

if not TYPE_CHECKING:  # to type checkers, a module with __getattr__ has every name
    _ORIGINS = {
        name: (module, name) for module, names in _HOMES.items() for name in names
    } | _OTHER_NAMES

    def __getattr__(name: str) -> object:
        """Load a name or a module of the package when it is first used."""
        from importlib import import_module  # noqa: PLC0415 - not needed by `import scaleapi`

        if name in _MODULES:
            return import_module(f".{name}", __name__)
        if name not in _ORIGINS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
        module, original = _ORIGINS[name]
        value = getattr(import_module(f".{module}", __name__), original)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """Return all names of the package, including those that are not loaded yet."""
        return sorted({*globals(), *__all__, *_MODULES})
