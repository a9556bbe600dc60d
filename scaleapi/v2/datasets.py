"""Datasets, their deliveries and their tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from .._arguments import text_of, texts_of
from .._enums import StringEnum
from .._http.response import Response
from .._http.url import path
from .._model.fields import optional, required
from .._model.kinds import OBJECT, TEXT, TIME, WHOLE, IdOr, Nested, list_of, time_text
from .._model.objects import Model, Page
from ..exceptions import ScaleBadResponse
from ._operations import Operations, pages_of, with_http_info, without_preload_content
from ._requests import limit_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._requests import Terms

__all__ = [
    "Dataset",
    "DatasetDelivery",
    "DatasetDeliveryMetadata",
    "DatasetOperations",
    "DatasetTask",
    "ExpandableEnumDatasetTask",
    "ExpandableEnumDatasetsDeliveries",
    "GetDatasetDeliveriesResponse",
    "GetDatasetDeliveryResponse",
    "GetDatasetTasksResponse",
    "GetDatasetsResponse",
]


class ExpandableEnumDatasetsDeliveries(StringEnum):
    """Fields of the deliveries of datasets that can be expanded."""

    DATASET = "dataset"


class ExpandableEnumDatasetTask(StringEnum):
    """Fields of the tasks of datasets that can be expanded."""

    DATASET = "dataset"
    DELIVERY = "delivery"


class Dataset(Model):
    """A dataset."""

    _required = ("id",)

    id = required(TEXT, "The dataset's id.")
    name = required(TEXT, "Its name.")


class DatasetDeliveryMetadata(Model):
    """Counts of a delivery of a dataset."""

    task_count = optional(WHOLE, "The number of tasks.")
    turn_count = optional(WHOLE, "The number of turns.")


class DatasetDelivery(Model):
    """A delivery of a dataset."""

    _required = ("id",)

    id = required(TEXT, "The delivery's id.")
    name = required(TEXT, "Its name.")
    delivered_at = required(TIME, "When it was delivered.")
    dataset = optional(IdOr(Dataset), "Its dataset, by id, or the object if it was expanded.")
    metadata = required(Nested(DatasetDeliveryMetadata), "The content.")


class DatasetTask(Model):
    """A task of a dataset."""

    _required = ("task_id",)

    task_id = required(TEXT, "The task's id.")
    dataset = required(IdOr(Dataset), "Its dataset, by id, or the object if it was expanded.")
    delivery = required(
        IdOr(DatasetDelivery), "Its delivery, by id, or the object if it was expanded."
    )
    response = required(OBJECT, "The response; its shape depends on the dataset.")


class GetDatasetsResponse(Model):
    """The datasets of the account."""

    _required = ("datasets",)

    datasets = required(list_of(Dataset), "The datasets.")


class GetDatasetDeliveriesResponse(Model):
    """Deliveries of datasets."""

    _required = ("deliveries",)

    deliveries = required(list_of(DatasetDelivery), "The deliveries.")


class GetDatasetDeliveryResponse(Page):
    """One page of the tasks of a delivery of a dataset."""

    _required = ("tasks",)

    delivery = optional(IdOr(DatasetDelivery), "The delivery, by id, or the object if expanded.")
    tasks = required(list_of(DatasetTask), "The tasks on this page.")


class GetDatasetTasksResponse(Page):
    """One page of tasks of datasets."""

    _required = ("tasks",)

    tasks = required(list_of(DatasetTask), "The tasks on this page.")


class DatasetOperations(Operations):
    """Calls for datasets."""

    def get_datasets(
        self,
        **terms: Unpack[Terms],
    ) -> GetDatasetsResponse:
        """Return the datasets of the account.

        Example:
            >>> client.v2.get_datasets().datasets
            [Dataset(id='dataset_1', name='Recipes')]
        """
        return self._get(
            "datasets",
            GetDatasetsResponse,
            {},
            terms,
        )

    get_datasets_with_http_info = with_http_info(get_datasets)
    get_datasets_without_preload_content = without_preload_content(get_datasets)

    def get_dataset_deliveries(
        self,
        dataset_id: str | None = None,
        delivered_after: date | str | None = None,
        delivered_before: date | str | None = None,
        expand: Iterable[ExpandableEnumDatasetsDeliveries | str] | None = None,
        **terms: Unpack[Terms],
    ) -> GetDatasetDeliveriesResponse:
        """Return deliveries of a dataset, or of all of them.

        Args:
            dataset_id: Only deliveries of this dataset.
            delivered_after: Only those delivered after this time: a date, a datetime or
                ISO 8601 text. A time without a zone is UTC.
            delivered_before: Only those delivered before this time.
            expand: ``["dataset"]`` for the dataset instead of its id.

        Example:
            >>> client.v2.get_dataset_deliveries("dataset_1").deliveries
            [DatasetDelivery(id='delivery_7', name='March')]
        """
        return self._get(
            "datasets/deliveries",
            GetDatasetDeliveriesResponse,
            {
                "dataset_id": (text_of, dataset_id),
                "delivered_after": (time_text, delivered_after),
                "delivered_before": (time_text, delivered_before),
                "expand": (texts_of, expand),
            },
            terms,
        )

    get_dataset_deliveries_with_http_info = with_http_info(get_dataset_deliveries)
    get_dataset_deliveries_without_preload_content = without_preload_content(get_dataset_deliveries)

    def get_dataset_delivery(
        self,
        delivery_id: str | None = None,
        limit: int | None = None,
        next_token: str | None = None,
        expand: Iterable[ExpandableEnumDatasetTask | str] | None = None,
        **terms: Unpack[Terms],
    ) -> GetDatasetDeliveryResponse:
        """Return one page of the tasks of a delivery of a dataset.

        To get all of them use :meth:`iter_dataset_delivery`.

        Args:
            delivery_id: The delivery's id, which must be given.
            limit: The maximum number of tasks on the page, 1 to 100.
            next_token: The cursor from the previous page.
            expand: ``["dataset", "delivery"]`` to get these objects instead of their ids.

        Raises:
            ScaleResourceNotFound: If there is no such delivery.

        Example:
            >>> client.v2.get_dataset_delivery("delivery_7", limit=1).tasks
            [DatasetTask(task_id='task_9')]
        """
        return self._get(
            "datasets/delivery",
            GetDatasetDeliveryResponse,
            {
                "delivery_id": (text_of, delivery_id),
                "limit": (limit_of, limit),
                "next_token": (text_of, next_token),
                "expand": (texts_of, expand),
            },
            terms,
            one_of=("delivery_id",),
        )

    get_dataset_delivery_with_http_info = with_http_info(get_dataset_delivery)
    get_dataset_delivery_without_preload_content = without_preload_content(get_dataset_delivery)

    @pages_of(get_dataset_delivery)
    def iter_dataset_delivery(self, page: GetDatasetDeliveryResponse) -> list[DatasetTask]:
        """Iterate over the tasks of a delivery of a dataset, fetching one page ahead.

        The arguments are those of :meth:`get_dataset_delivery`; ``limit`` is the size of a page.

        Example:
            >>> [task.task_id for task in client.v2.iter_dataset_delivery("delivery_7")]
            ['task_9']
        """
        return page.tasks

    def get_dataset_task(
        self,
        task_id: str,
        expand: Iterable[ExpandableEnumDatasetTask | str] | None = None,
        **terms: Unpack[Terms],
    ) -> DatasetTask:
        """Return a task of a dataset.

        Args:
            task_id: Its id.
            expand: ``["dataset", "delivery"]`` to get these objects instead of their ids.

        Raises:
            ScaleResourceNotFound: If there is no such task.

        Example:
            >>> client.v2.get_dataset_task("task_9").response["rating"]
            4
        """
        return self._get(
            "datasets/task",
            DatasetTask,
            {
                "task_id": (text_of, task_id),
                "expand": (texts_of, expand),
            },
            terms,
            one_of=("task_id",),
        )

    get_dataset_task_with_http_info = with_http_info(get_dataset_task)
    get_dataset_task_without_preload_content = without_preload_content(get_dataset_task)

    def get_dataset_task_response_url(
        self,
        task_id: str,
        attachment_id: str,
        **terms: Unpack[Terms],
    ) -> str:
        """Return the URL of an attachment of a response. It is not fetched.

        Args:
            task_id: The task's id.
            attachment_id: The attachment's id.

        Raises:
            ScaleResourceNotFound: If there is no such task or attachment.

        Example:
            >>> client.v2.get_dataset_task_response_url("task_9", "attachment_1")
            'https://storage.example/attachment_1?signature=...'
        """
        endpoint = path(
            "datasets/task/{task_id}/response_url/{attachment_id}",
            task_id=task_id,
            attachment_id=attachment_id,
        )
        api, extras = self._under(terms)
        response = Response.of(api.get_request(endpoint, redirect=True, **extras))
        if response is None:
            raise ScaleBadResponse("expected a redirect to a link")
        target = response.redirect_target()
        if target is None:
            raise response.bad("a redirect to a link")
        return target.text

    get_dataset_task_response_url_with_http_info = with_http_info(get_dataset_task_response_url)
    get_dataset_task_response_url_without_preload_content = without_preload_content(
        get_dataset_task_response_url
    )

    def get_dataset_tasks(
        self,
        dataset_id: str | None = None,
        delivery_id: str | None = None,
        delivered_after: date | str | None = None,
        delivered_before: date | str | None = None,
        limit: int | None = None,
        next_token: str | None = None,
        expand: Iterable[ExpandableEnumDatasetTask | str] | None = None,
        **terms: Unpack[Terms],
    ) -> GetDatasetTasksResponse:
        """Return one page of the tasks of a dataset or delivery, one of which must be given.

        To get all of them use :meth:`iter_dataset_tasks`.

        Args:
            dataset_id: Only tasks of this dataset.
            delivery_id: Only tasks of this delivery.
            delivered_after: Only tasks delivered after this time: a date, a datetime or
                ISO 8601 text. A time without a zone is UTC.
            delivered_before: Only tasks delivered before this time.
            limit: The maximum number of tasks on the page, 1 to 100.
            next_token: The cursor from the previous page.
            expand: ``["dataset", "delivery"]`` to get these objects instead of their ids.

        Raises:
            ScaleResourceNotFound: If there is no such dataset or delivery.

        Example:
            >>> client.v2.get_dataset_tasks("dataset_1", limit=1).tasks
            [DatasetTask(task_id='task_9')]
        """
        return self._get(
            "datasets/tasks",
            GetDatasetTasksResponse,
            {
                "dataset_id": (text_of, dataset_id),
                "delivery_id": (text_of, delivery_id),
                "delivered_after": (time_text, delivered_after),
                "delivered_before": (time_text, delivered_before),
                "limit": (limit_of, limit),
                "next_token": (text_of, next_token),
                "expand": (texts_of, expand),
            },
            terms,
            one_of=("dataset_id", "delivery_id"),
        )

    get_dataset_tasks_with_http_info = with_http_info(get_dataset_tasks)
    get_dataset_tasks_without_preload_content = without_preload_content(get_dataset_tasks)

    @pages_of(get_dataset_tasks)
    def iter_dataset_tasks(self, page: GetDatasetTasksResponse) -> list[DatasetTask]:
        """Iterate over the tasks of a dataset or delivery, fetching one page ahead.

        The arguments are those of :meth:`get_dataset_tasks`; ``limit`` is the size of a page.

        Example:
            >>> [task.task_id for task in client.v2.iter_dataset_tasks("dataset_1")]
            ['task_9']
        """
        return page.tasks
