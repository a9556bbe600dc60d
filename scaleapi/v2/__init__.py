"""The v2 API of Scale: :class:`V2Api`, and the models that it takes and returns."""

# No `from __future__ import annotations` here: the name is that of a module.
# ruff: noqa: F403 - each module says in __all__ what is public
from .._model.kinds import Id as Id
from . import (
    annotations,
    api,
    batches,
    configuration,
    conversations,
    datasets,
    deliveries,
    files,
    projects,
    rubrics,
    schemas,
    tasks,
    workspaces,
)
from ._operations import ApiResponse as ApiResponse
from .annotations import *
from .api import *
from .batches import *
from .configuration import *
from .conversations import *
from .datasets import *
from .deliveries import *
from .files import *
from .projects import *
from .rubrics import *
from .schemas import *
from .tasks import *
from .workspaces import *

_PUBLIC = (
    annotations,
    api,
    batches,
    configuration,
    conversations,
    datasets,
    deliveries,
    files,
    projects,
    rubrics,
    schemas,
    tasks,
    workspaces,
)
_NAMES = sorted(["ApiResponse", "Id", *(name for one in _PUBLIC for name in one.__all__)])
__all__ = _NAMES  # noqa: PLE0605 # pyright: ignore[reportUnsupportedDunderAll]  # as imported
