"""The client: one object with every call."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from datetime import date
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._http.call import MAX_BODY
from ._http.session import Cert, Verify
from ._http.settings import ENVIRONMENT, KEEP, Timeout, check_key
from .api import Api
from .batches import BatchMethods
from .evaluation_tasks import EvaluationTaskMethods
from .export.methods import ExportMethods
from .files import FileMethods
from .projects import ProjectMethods
from .studio import StudioMethods
from .teams import TeamMethods
from .training_tasks import TrainingTaskMethods

if TYPE_CHECKING:
    from typing_extensions import Self

    from .v2 import Task as V2Task
    from .v2 import V2Api

__all__ = ["ScaleClient"]


class ScaleClient(
    ExportMethods,
    BatchMethods,
    ProjectMethods,
    FileMethods,
    TeamMethods,
    StudioMethods,
    EvaluationTaskMethods,
    TrainingTaskMethods,
):
    """Call the Scale API as one account.

    A client keeps its connections: make one and use it everywhere. It may be used by any
    number of threads, after ``fork``, and can be pickled (the pickle holds the key).

    Args:
        api_key: The account's key; that of the environment variable ``SCALE_API_KEY`` if
            omitted.
        source: Appended to the User-Agent, to tell programs apart.
        api_instance_url: The base URL of the service; by default that of
            ``SCALE_API_INSTANCE_URL``, or else ``https://api.scale.com/v1``.
        verify: ``False`` turns the check of TLS certificates off; a path names the CAs to trust.
        proxies: Proxy URL per scheme, ``{}`` for no proxy; by default those of the
            environment.
        cert: A client certificate: a path, or the paths of certificate and key.
        timeout: Seconds to connect and seconds to wait for bytes, for each attempt; one number
            is both.
        deadline: Seconds that a call may take with all its attempts and waits.
        max_retries: How many times a call may be sent again.
        max_body: Bytes that one response may have; a larger one is rejected.

    Raises:
        ScaleArgumentError: An argument is bad. Nothing is sent by making a client.

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
    ) -> None:
        # Bound again, so that a dump of the variables of this frame does not show it.
        api_key = check_key(api_key)
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
        """Return a client with other limits over the same connections.

        Args:
            timeout: Seconds to connect and to read, as for the client; what is left out stays
                as it is.
            deadline: Seconds for a whole call.
            max_retries: How many times a call may be sent again.
            max_body: Bytes that one response may have.

        Raises:
            ScaleArgumentError: A limit is not a positive number.

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
        """The calls of the v2 API, over the same connections and with the same limits."""
        from .v2 import ApiClient, V2Api  # noqa: PLC0415 - large, and few programs need it

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
        """Iterate over tasks of the v2 API: ``client.v2.iter_tasks`` by its old name.

        Args:
            project_id: Only tasks of this project. It, its name or a batch must be given.
            project_name: Only tasks of the project of this name.
            batch_id: Only tasks of this batch.
            batch_name: Only tasks of the batch of this name.
            status: Only tasks in this state.
            completed_after: Only tasks completed after this time (ISO 8601 or datetime).
            completed_before: Only tasks completed before this time.
            limit: How many tasks a page may have, 1 to 100.
            expand: ``["project", "batch"]`` for these objects instead of their ids.
            opts: Which parts to send as well.

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
        """Close the connections. A later call opens new ones."""
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
        # Asked for in the middle of __init__ when a dump of variables shows a bad argument.
        url = self.api.base_api_url if "api" in self.__dict__ else None
        return f"ScaleClient(api_instance_url={url!r})"

    def __getstate__(self) -> dict[str, Any]:
        # What v2 is made of is there already.
        return {name: value for name, value in self.__dict__.items() if name != "v2"}

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self
