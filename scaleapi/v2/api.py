"""The v2 API, which combines the calls of all resources."""

from __future__ import annotations

from .annotations import AnnotationOperations
from .batch_status import BatchStatusOperations
from .batches import BatchOperations
from .datasets import DatasetOperations
from .deliveries import DeliveryOperations
from .projects import ProjectOperations
from .schemas import SchemaOperations
from .tasks import TaskOperations
from .waiting import WaitOperations

__all__ = ["V2Api"]


class V2Api(
    TaskOperations,
    BatchOperations,
    BatchStatusOperations,
    ProjectOperations,
    DeliveryOperations,
    DatasetOperations,
    AnnotationOperations,
    SchemaOperations,
    WaitOperations,
):
    """Call the v2 API, for generative AI projects.

    :attr:`ScaleClient.v2 <scaleapi.ScaleClient.v2>` uses the connections and limits of the
    client.

    Each call has two more forms: ``get_task_with_http_info`` returns an :class:`ApiResponse`, and
    ``get_task_without_preload_content`` the ``requests.Response``. Each call also takes
    ``_request_timeout``, its timeout in seconds, and ``_headers``, additional headers.

    Args:
        api_client: The connections. By default, an ApiClient with the default
            :class:`Configuration`.

    Raises:
        ScaleArgumentError: If there is no API key.

    Example:
        >>> client = ScaleClient("live_...")
        >>> for task in client.v2.iter_tasks(project_name="chats", status="completed"):
        ...     print(task.threads[0].turns[0].messages[0].content.text)
        How do I descale a kettle?
    """
