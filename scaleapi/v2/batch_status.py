"""Changes of the status of a batch, in the v2 API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from .._arguments import text_of
from .._http.call import Deadline
from .._http.recovery import recover_change
from .._model.objects import Model
from ._operations import Operations, with_http_info, without_preload_content
from ._requests import Body, Query
from .batches import Batch, BatchOperationRequest, BatchOperationResponse, BatchStatus

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._requests import Terms

__all__ = ["BatchStatusOperations"]

_M = TypeVar("_M", bound=Model)

#: The statuses of a batch after each change.
_DONE = {
    "finalize": (BatchStatus.IN_PROGRESS, BatchStatus.COMPLETED),
    "pause": (BatchStatus.PAUSED,),
    "resume": (BatchStatus.IN_PROGRESS, BatchStatus.COMPLETED),
    "cancel": (BatchStatus.CANCELLED,),
}

#: A request for changing a batch; a string is an id.
_Which = BatchOperationRequest | Mapping[str, Any] | str | None


class BatchStatusOperations(Operations):
    """Calls that change the status of a batch."""

    def finalize_batch(
        self,
        batch_operation_request: _Which = None,
        *,
        batch_id: str | None = None,
        batch_name: str | None = None,
        **terms: Unpack[Terms],
    ) -> Batch:
        """Finalize a staging batch, so that work on it begins.

        Args:
            batch_operation_request: The whole request, or the id of the batch.
            batch_id: The batch's id.
            batch_name: The batch's name.

        Raises:
            ScaleException: If the batch is not in staging.

        Example:
            >>> client.v2.finalize_batch("batch_1")
            Batch(id='batch_1', name='week_11', status='in_progress')
        """
        return self._change("finalize", Batch, batch_operation_request, batch_id, batch_name, terms)

    finalize_batch_with_http_info = with_http_info(finalize_batch)
    finalize_batch_without_preload_content = without_preload_content(finalize_batch)

    def pause_batch(
        self,
        batch_operation_request: _Which = None,
        *,
        batch_id: str | None = None,
        batch_name: str | None = None,
        **terms: Unpack[Terms],
    ) -> BatchOperationResponse:
        """Pause a batch in progress, and its tasks that have not been started.

        Args:
            batch_operation_request: The whole request, or the id of the batch.
            batch_id: The batch's id.
            batch_name: The batch's name.

        Raises:
            ScaleException: If the batch is not in progress.

        Example:
            >>> client.v2.pause_batch(batch_name="week_11").batch
            Batch(id='batch_1', name='week_11', status='paused')
        """
        return self._change(
            "pause", BatchOperationResponse, batch_operation_request, batch_id, batch_name, terms
        )

    pause_batch_with_http_info = with_http_info(pause_batch)
    pause_batch_without_preload_content = without_preload_content(pause_batch)

    def resume_batch(
        self,
        batch_operation_request: _Which = None,
        *,
        batch_id: str | None = None,
        batch_name: str | None = None,
        **terms: Unpack[Terms],
    ) -> BatchOperationResponse:
        """Resume a paused batch.

        Args:
            batch_operation_request: The whole request, or the id of the batch.
            batch_id: The batch's id.
            batch_name: The batch's name.

        Raises:
            ScaleException: If the batch is not paused.

        Example:
            >>> client.v2.resume_batch(batch_name="week_11").batch
            Batch(id='batch_1', name='week_11', status='in_progress')
        """
        return self._change(
            "resume", BatchOperationResponse, batch_operation_request, batch_id, batch_name, terms
        )

    resume_batch_with_http_info = with_http_info(resume_batch)
    resume_batch_without_preload_content = without_preload_content(resume_batch)

    def cancel_batch(
        self,
        batch_operation_request: _Which = None,
        *,
        batch_id: str | None = None,
        batch_name: str | None = None,
        **terms: Unpack[Terms],
    ) -> BatchOperationResponse:
        """Cancel a batch for good, and its tasks that have not been started.

        Args:
            batch_operation_request: The whole request, or the id of the batch.
            batch_id: The batch's id.
            batch_name: The batch's name.

        Raises:
            ScaleException: If the batch is completed or already canceled.

        Example:
            >>> client.v2.cancel_batch("batch_1").batch
            Batch(id='batch_1', name='week_11', status='cancelled')
        """
        return self._change(
            "cancel", BatchOperationResponse, batch_operation_request, batch_id, batch_name, terms
        )

    cancel_batch_with_http_info = with_http_info(cancel_batch)
    cancel_batch_without_preload_content = without_preload_content(cancel_batch)

    def _change(
        self,
        verb: str,
        model: type[_M],
        request: _Which,
        batch_id: str | None,
        batch_name: str | None,
        terms: Terms,
    ) -> _M:
        """Change the status of a batch, and recover a lost response."""
        deadline = Deadline(self.api.options.deadline)
        whole = {"batch_id": request} if isinstance(request, str) else request
        fields = {"batch_id": batch_id, "batch_name": batch_name}
        body = Body(BatchOperationRequest, "batch_operation_request", whole, fields)
        which = {name: (text_of, body.json().get(name)) for name in fields}
        query = Query.of("batch", Batch, which, terms)

        def change() -> _M:
            return self._post(
                f"batch/{verb}", model, body, terms, idempotent=True, deadline=deadline
            )

        def look_up() -> _M | None:
            batch = self._send(query, deadline=deadline)
            if batch.to_dict().get("status") not in _DONE[verb]:
                return None
            return model._of(batch._json if model is Batch else {"batch": batch._json})

        return recover_change(change, look_up)
