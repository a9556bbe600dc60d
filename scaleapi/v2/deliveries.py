"""Deliveries: completed tasks of a project that are delivered together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from .._arguments import text_of, texts_of
from .._enums import StringEnum
from .._model.fields import optional, required
from .._model.kinds import OBJECT, TEXT, TIME, WHOLE, IdOr, list_of, time_text
from .._model.objects import Model, Page
from ._operations import Operations, pages_of, with_http_info, without_preload_content
from ._requests import limit_of
from .projects import Project
from .tasks import Option, Task, TaskStatus

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._requests import Terms

__all__ = [
    "Delivery",
    "DeliveryOperations",
    "ExpandableEnumDeliveries",
    "ExpandableEnumDelivery",
    "GetDeliveredTasksResponse",
    "GetDeliveriesResponse",
    "GetDeliveryTasksResponse",
    "GetDeliveryTasksResponseDocsInner",
]


class ExpandableEnumDeliveries(StringEnum):
    """Fields of deliveries that can be expanded."""

    PROJECT = "project"


class ExpandableEnumDelivery(StringEnum):
    """Fields of the tasks of a delivery that can be expanded."""

    PROJECT = "project"
    BATCH = "batch"
    DELIVERY = "delivery"


class Delivery(Model):
    """A delivery."""

    _required = ("id",)

    id = required(TEXT, "The delivery's id.")
    name = required(TEXT, "Its name.")
    task_count = required(WHOLE, "The number of tasks.")
    delivered_at = required(TIME, "When it was delivered.")
    project = required(IdOr(Project), "Its project, by id, or the object if it was expanded.")


class GetDeliveriesResponse(Model):
    """The deliveries of a project."""

    _required = ("deliveries",)

    deliveries = required(list_of(Delivery), "The deliveries.")


class GetDeliveredTasksResponse(Page):
    """One page of the tasks of a delivery."""

    _required = ("tasks",)

    delivery = optional(IdOr(Delivery), "The delivery, by id, or the object if expanded.")
    tasks = required(list_of(Task), "The tasks on this page.")


class GetDeliveryTasksResponseDocsInner(Model):
    """A task and its raw response, which is absent until the task is delivered."""

    task_id = required(TEXT, "The task's id.")
    created_at = optional(TIME, "When it was created.")
    delivery_id = optional(TEXT, "The id of its delivery.")
    delivered_at = optional(TEXT, "When it was delivered, as text.")
    response_schema_id = optional(TEXT, "The id of the schema, see ``get_schema``.")
    response = optional(OBJECT, "The response.")


class GetDeliveryTasksResponse(Page):
    """One page of tasks with their responses."""

    _required = ("docs",)

    docs = required(list_of(GetDeliveryTasksResponseDocsInner), "The tasks on this page.")
    total = required(WHOLE, "The number of tasks on this page.")


class DeliveryOperations(Operations):
    """Calls for deliveries."""

    def get_deliveries(
        self,
        project_id: str | None = None,
        project_name: str | None = None,
        delivered_after: date | str | None = None,
        delivered_before: date | str | None = None,
        expand: Iterable[ExpandableEnumDeliveries | str] | None = None,
        **terms: Unpack[Terms],
    ) -> GetDeliveriesResponse:
        """Return the deliveries of a project, whose id or name must be given.

        Args:
            project_id: The project's id.
            project_name: The project's name.
            delivered_after: Only those delivered after this time: a date, a datetime or
                ISO 8601 text. A time without a zone is UTC.
            delivered_before: Only those delivered before this time.
            expand: ``["project"]`` for the project instead of its id.

        Raises:
            ScaleResourceNotFound: If there is no such project.

        Example:
            >>> client.v2.get_deliveries(project_name="chats").deliveries
            [Delivery(id='delivery_1', name='March')]
        """
        return self._get(
            "deliveries",
            GetDeliveriesResponse,
            {
                "project_id": (text_of, project_id),
                "project_name": (text_of, project_name),
                "delivered_after": (time_text, delivered_after),
                "delivered_before": (time_text, delivered_before),
                "expand": (texts_of, expand),
            },
            terms,
            one_of=("project_id", "project_name"),
        )

    get_deliveries_with_http_info = with_http_info(get_deliveries)
    get_deliveries_without_preload_content = without_preload_content(get_deliveries)

    def get_delivery(
        self,
        delivery_id: str | None = None,
        delivery_name: str | None = None,
        project_id: str | None = None,
        project_name: str | None = None,
        limit: int | None = None,
        next_token: str | None = None,
        expand: Iterable[ExpandableEnumDelivery | str] | None = None,
        opts: Iterable[Option | str] | None = None,
        **terms: Unpack[Terms],
    ) -> GetDeliveredTasksResponse:
        """Return one page of the tasks of a delivery. To get all of them use :meth:`iter_delivery`.

        Args:
            delivery_id: The delivery's id. It or the name must be given.
            delivery_name: The delivery's name; give the project with it.
            project_id: The id of the project.
            project_name: The name of the project.
            limit: The maximum number of tasks on the page, 1 to 100.
            next_token: The cursor from the previous page.
            expand: ``["project", "batch", "delivery"]`` to get these objects instead of their ids.
            opts: Optional parts to send, see :class:`~scaleapi.v2.tasks.Option`.

        Raises:
            ScaleResourceNotFound: If there is no such delivery.

        Example:
            >>> client.v2.get_delivery("delivery_1", expand=["delivery"]).delivery
            Delivery(id='delivery_1', name='March')
        """
        return self._get(
            "delivery",
            GetDeliveredTasksResponse,
            {
                "delivery_id": (text_of, delivery_id),
                "delivery_name": (text_of, delivery_name),
                "project_id": (text_of, project_id),
                "project_name": (text_of, project_name),
                "limit": (limit_of, limit),
                "next_token": (text_of, next_token),
                "expand": (texts_of, expand),
                "opts": (texts_of, opts),
            },
            terms,
            one_of=("delivery_id", "delivery_name"),
        )

    get_delivery_with_http_info = with_http_info(get_delivery)
    get_delivery_without_preload_content = without_preload_content(get_delivery)

    @pages_of(get_delivery)
    def iter_delivery(self, page: GetDeliveredTasksResponse) -> list[Task]:
        """Iterate over the tasks of a delivery, fetching one page ahead.

        The arguments are those of :meth:`get_delivery`; ``limit`` is the size of a page.

        Example:
            >>> [task.task_id for task in client.v2.iter_delivery("delivery_1")]
            ['task_1', 'task_2']
        """
        return page.tasks

    def get_delivery_tasks(
        self,
        delivery_id: str | None = None,
        project_id: str | None = None,
        project_name: str | None = None,
        status: TaskStatus | str | None = None,
        completed_after: date | str | None = None,
        completed_before: date | str | None = None,
        limit: int | None = None,
        next_token: str | None = None,
        **terms: Unpack[Terms],
    ) -> GetDeliveryTasksResponse:
        """Return one page of tasks with their raw responses, whether delivered or not.

        The project's id or name must be given. To get all pages use :meth:`iter_delivery_tasks`.

        Args:
            delivery_id: Only tasks of this delivery.
            project_id: The project's id.
            project_name: The project's name.
            status: Only tasks with this status.
            completed_after: Only tasks completed after this time: a date, a datetime or
                ISO 8601 text. A time without a zone is UTC.
            completed_before: Only tasks completed before this time.
            limit: The maximum number of tasks on the page, 1 to 100.
            next_token: The cursor from the previous page.

        Raises:
            ScaleResourceNotFound: If there is no such project or delivery.

        Example:
            >>> client.v2.get_delivery_tasks(project_name="chats").docs[0].response_schema_id
            '65f0c0ffee65f0c0ffee65f0'
        """
        return self._get(
            "delivery/tasks",
            GetDeliveryTasksResponse,
            {
                "delivery_id": (text_of, delivery_id),
                "project_id": (text_of, project_id),
                "project_name": (text_of, project_name),
                "status": (text_of, status),
                "completed_after": (time_text, completed_after),
                "completed_before": (time_text, completed_before),
                "limit": (limit_of, limit),
                "next_token": (text_of, next_token),
            },
            terms,
            one_of=("project_id", "project_name"),
        )

    get_delivery_tasks_with_http_info = with_http_info(get_delivery_tasks)
    get_delivery_tasks_without_preload_content = without_preload_content(get_delivery_tasks)

    @pages_of(get_delivery_tasks)
    def iter_delivery_tasks(
        self, page: GetDeliveryTasksResponse
    ) -> list[GetDeliveryTasksResponseDocsInner]:
        """Iterate over tasks with their raw responses, fetching one page ahead.

        The arguments are those of :meth:`get_delivery_tasks`; ``limit`` is the size of a page.

        Example:
            >>> [doc.task_id for doc in client.v2.iter_delivery_tasks(project_name="chats")]
            ['task_1', 'task_2']
        """
        return page.docs
