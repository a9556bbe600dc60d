"""The client, which combines the calls of all resources."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from datetime import date
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._arguments import flag_of
from ._http.call import MAX_BODY
from ._http.secrets import hidden
from ._http.session import Cert, Verify
from ._http.settings import ENVIRONMENT, KEEP, Timeout, check_key
from .api import Api
from .batches import BatchMethods
from .bulk.methods import BulkMethods
from .evaluation_tasks import EvaluationTaskMethods
from .export.annotations import AnnotationExportMethods
from .export.methods import ExportMethods
from .files import FileMethods
from .projects import ProjectMethods
from .studio import StudioMethods
from .tasks import TaskMethods
from .tasks.waiting import WaitMethods
from .teams import TeamMethods
from .training_tasks import TrainingTaskMethods

if TYPE_CHECKING:
    from typing_extensions import Self

    from .v2 import Task as V2Task
    from .v2 import V2Api

__all__ = ["ScaleClient"]


class ScaleClient(
    BulkMethods,
    ExportMethods,
    WaitMethods,
    TaskMethods,
    BatchMethods,
    ProjectMethods,
    FileMethods,
    TeamMethods,
    StudioMethods,
    EvaluationTaskMethods,
    TrainingTaskMethods,
    AnnotationExportMethods,
):
    """Call the Scale API with the key of one account.

    A client keeps its connections open, so create one and share it. It is thread-safe, can be used
    after ``fork``, and can be pickled (the pickle contains the key).

    Args:
        api_key: The API key. By default, the environment variable ``SCALE_API_KEY``.
        source: Appended to the User-Agent, to identify your program.
        api_instance_url: The base URL of the service. By default, the environment variable
            ``SCALE_API_INSTANCE_URL``, or else ``https://api.scale.com/v1``.
        verify: ``False`` disables the verification of TLS certificates. A path selects the CAs to
            trust.
        proxies: Proxy URLs by scheme; ``{}`` for no proxy. By default, the proxies of the
            environment.
        cert: A client certificate: a path, or the paths of certificate and key.
        timeout: Connect timeout and read timeout of each attempt, in seconds. A single number sets
            both.
        deadline: Maximum duration of a call in seconds, including retries and waits.
        max_retries: Maximum number of retries of a call.
        max_body: Maximum size of a response in bytes. Larger responses are rejected.
        strict_parameters: Whether a parameter of a task or project that is probably misspelled
            or misplaced raises ``ScaleArgumentError`` before anything is sent. By default, it
            makes a ``ScaleParameterWarning`` and is sent.

    Raises:
        ScaleArgumentError: If an argument is invalid. Creating a client sends nothing.

    Example:
        >>> with ScaleClient("live_...") as client:
        ...     print(client.get_tasks_count("parcels"))
        24
    """

    def __init__(
        self,
        api_key: str = ENVIRONMENT,
        source: str | None = None,
        api_instance_url: str | None = None,
        verify: Verify = None,
        proxies: Mapping[str, str | None] | None = None,
        cert: Cert = None,
        *,
        timeout: Timeout = (10, 120),
        deadline: float | None = 600,
        max_retries: int = 3,
        max_body: int = MAX_BODY,
        strict_parameters: bool = False,
    ) -> None:
        api_key, proxies = hidden(api_key), hidden(proxies)
        api_key = check_key(api_key)
        self.strict_parameters = flag_of("strict_parameters", strict_parameters, default=False)
        self.api = Api(
            api_key,
            source,
            api_instance_url,
            verify,
            proxies,
            cert,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            max_body=max_body,
        )

    def with_options(
        self,
        *,
        timeout: Timeout = KEEP,
        deadline: float | None = KEEP,
        max_retries: int = KEEP,
        max_body: int = KEEP,
    ) -> Self:
        """Return a client with other limits that shares the connections of this one.

        Arguments that are omitted keep their values.

        Args:
            timeout: Connect timeout and read timeout of each attempt, in seconds.
            deadline: Maximum duration of a call in seconds.
            max_retries: Maximum number of retries of a call.
            max_body: Maximum size of a response in bytes.

        Raises:
            ScaleArgumentError: If a limit is not a positive number.

        Example:
            >>> client.with_options(deadline=30, max_retries=0).get_tasks_count("parcels")
            24
        """
        other = object.__new__(type(self))
        other.__dict__.update(self.__getstate__())
        other.api = self.api.with_options(
            timeout=timeout, deadline=deadline, max_retries=max_retries, max_body=max_body
        )
        return other

    @cached_property
    def v2(self) -> V2Api:
        """The calls of the v2 API, with the same connections and limits."""
        from .v2 import ApiClient, V2Api  # noqa: PLC0415 - large, and needed by few programs

        return V2Api(ApiClient.over(self.api))

    def v2_get_tasks(
        self,
        project_id: str | None = None,
        project_name: str | None = None,
        batch_id: str | None = None,
        batch_name: str | None = None,
        status: str | None = None,
        completed_after: date | str | None = None,
        completed_before: date | str | None = None,
        limit: int | None = None,
        expand: Iterable[str] | None = None,
        opts: Iterable[str] | None = None,
    ) -> Generator[V2Task, None, None]:
        """Iterate over tasks of the v2 API. The old name of ``client.v2.iter_tasks``.

        Args:
            project_id: Only tasks of the project with this id. A project or a batch is required.
            project_name: Only tasks of the project with this name.
            batch_id: Only tasks of the batch with this id.
            batch_name: Only tasks of the batch with this name.
            status: Only tasks with this status.
            completed_after: Only tasks completed after this time (ISO 8601 or datetime).
            completed_before: Only tasks completed before this time.
            limit: Number of tasks per page, 1 to 100.
            expand: ``["project", "batch"]`` to get these objects instead of their ids.
            opts: The optional parts to include.

        Example:
            >>> [task.task_id for task in client.v2_get_tasks(project_name="chats")]
            ['task_1', 'task_2']
        """
        return self.v2.iter_tasks(
            project_id=project_id,
            project_name=project_name,
            batch_id=batch_id,
            batch_name=batch_name,
            status=status,
            completed_after=completed_after,
            completed_before=completed_before,
            limit=limit,
            expand=expand,
            opts=opts,
        )

    def close(self) -> None:
        """Close the connections. Later calls open new ones."""
        self.api.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        # Error reporters may call this before __init__ is done, if an argument is invalid.
        url = self.api.base_api_url if "api" in self.__dict__ else None
        return f"ScaleClient(api_instance_url={url!r})"

    def __getstate__(self) -> dict[str, Any]:
        # v2 can be created again from the rest.
        return {name: value for name, value in self.__dict__.items() if name != "v2"}

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self
