"""The v2 API: one object with every call."""

from __future__ import annotations

from .annotations import AnnotationOperations
from .batches import BatchOperations
from .datasets import DatasetOperations
from .deliveries import DeliveryOperations
from .projects import ProjectOperations
from .schemas import SchemaOperations
from .tasks import TaskOperations

__all__ = ["V2Api"]


class V2Api(
    TaskOperations,
    BatchOperations,
    ProjectOperations,
    DeliveryOperations,
    DatasetOperations,
    AnnotationOperations,
    SchemaOperations,
):
    """Call the v2 API, which shows the work of generative AI projects.

    A client has one as :attr:`ScaleClient.v2 <scaleapi.ScaleClient.v2>`, over the same
    connections and with the same limits.

    Each call, such as ``get_task``, is there in two more forms, as in scaleapi 2:
    ``get_task_with_http_info`` returns an :class:`ApiResponse`, and
    ``get_task_without_preload_content`` the ``requests.Response``.

    Args:
        api_client: Where the calls go to; by default as a new :class:`Configuration` says.

    Raises:
        ScaleArgumentError: There is no key.

    Example:
        >>> client = ScaleClient("live_...")
        >>> for task in client.v2.iter_tasks(project_name="chats", status="completed"):
        ...     print(task.threads[0].turns[0].messages[0].content.text)
        How do I descale a kettle?
    """
