"""One bulk creation: rows in, outcomes out."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any, Generic, Literal, TypedDict, TypeVar

from .._arguments import count_of, flag_of, object_of, shown
from .._http.request import json_bytes
from .._http.response import JSONObject
from .._interruption import raise_interruption
from ..exceptions import ScaleArgumentError, ScaleException
from .creators import Creator, Item
from .executors import check_executor
from .journal import Journal
from .pace import Limiter, limiter_of
from .progress import Show, display_of, shown_while
from .result import BulkResult, RowOutcome
from .shards import Done, Shards
from .sources import BadRow, Rows, Source
from .unique_ids import UniqueId, canonical
from .workers import in_threads

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["BulkOptions", "Job", "OnError"]

_T = TypeVar("_T")

#: What to do when a row fails: collect the error, or raise it.
OnError = Literal["collect", "raise"]

#: More threads than this never helped, and each holds a connection.
_MOST_WORKERS = 256

_Numbered = Iterable[tuple[int, Mapping[str, Any]]]


class BulkOptions(TypedDict, total=False):
    """The arguments of :meth:`ScaleClient.create_tasks` that all bulk creations have."""

    defaults: Mapping[str, Any] | None
    unique_id: str | None
    journal: str | os.PathLike[str] | None
    executor: Executor | None
    workers: int
    rate: float | Limiter | None
    progress: bool | Show | None
    on_error: OnError
    dry_run: bool


class Job(Generic[_T]):
    """Everything that a bulk creation was asked for; see :meth:`ScaleClient.create_tasks`.

    Raises:
        ScaleArgumentError: An argument is bad.
    """

    def __init__(
        self,
        creator: Creator[_T],
        rows: Rows,
        *,
        defaults: Mapping[str, Any] | None = None,
        unique_id: str | None = None,
        journal: str | os.PathLike[str] | None = None,
        executor: Executor | None = None,
        workers: int = 16,
        rate: float | Limiter | None = None,
        progress: bool | Show | None = None,
        on_error: OnError = "collect",
        dry_run: bool = False,
    ) -> None:
        self._creator = creator
        self._source = Source(rows)
        self._defaults = {} if defaults is None else _copied(object_of("defaults", defaults))
        self._unique_id = None if unique_id is None else UniqueId(unique_id)
        self._journal = _journal_path(journal, self._source)
        self._workers = min(count_of("workers", workers, 1), _MOST_WORKERS)
        self._limiter: Limiter | None = limiter_of(rate)
        check_executor(executor)
        self._shards = None if executor is None else Shards(executor, creator, self._workers, rate)
        self._display = display_of(progress)
        if on_error not in ("collect", "raise"):
            problem = f"must be 'collect' or 'raise', not {shown(on_error)}"
            raise ScaleArgumentError("on_error", problem)
        self._on_error = on_error
        self._dry_run = flag_of("dry_run", dry_run, default=False)

    def result(self) -> BulkResult[_T]:
        """Create all tasks and return what became of each row."""

        def again(failed: list[RowOutcome[_T]]) -> BulkResult[_T]:
            result = BulkResult[_T]()
            result.add(self.outcomes([(outcome.number, outcome.row) for outcome in failed]))
            return result

        result = BulkResult[_T](_again=again)
        result.add(self.outcomes())
        return result

    def outcomes(
        self, rows: list[tuple[int, Mapping[str, Any]]] | None = None
    ) -> Generator[RowOutcome[_T], None, None]:
        """Create tasks and yield what became of each row, in the order in which they are done.

        Args:
            rows: Some rows with their numbers; by default all of them.

        Raises:
            ScaleException: A row failed and is not to be collected.
            OSError: The journal cannot be written.
        """
        outcomes = self._check(rows) if self._dry_run else self._create(rows)
        if self._display is not None:
            total = self._source.count() if rows is None else len(rows)
            outcomes = shown_while(outcomes, self._display, total)
        with closing(outcomes):
            for outcome in outcomes:
                if outcome.error is not None and self._on_error == "raise":
                    if isinstance(outcome.error, ScaleException):
                        outcome.error.add_hint(f"This was row {outcome.number}")
                    raise outcome.error
                yield outcome

    def _check(self, rows: _Numbered | None) -> Generator[RowOutcome[_T], None, None]:
        for number, row in rows or enumerate(self._source):
            item = self._prepared(number, row)
            if isinstance(item, RowOutcome):
                yield item
            else:
                yield RowOutcome(number, item.row, "checked")

    def _create(self, rows: _Numbered | None) -> Generator[RowOutcome[_T], None, None]:
        with self._open_journal() as journal:

            def work(item: Item | RowOutcome[_T]) -> RowOutcome[_T]:
                return item if isinstance(item, RowOutcome) else self._send(item, journal)

            def begin(item: Item) -> None:
                if journal is not None:
                    journal.sending(item.number, item.key)

            def end(item: Item, done: Done) -> RowOutcome[_T]:
                return self._outcome(item, done, journal)

            items = self._items(rows or enumerate(self._source), journal)
            running = (
                in_threads(work, items, self._workers)
                if self._shards is None
                else self._shards.outcomes(items, begin, end)
            )
            with closing(running) as outcomes:
                yield from outcomes

    def _open_journal(self) -> Journal | nullcontext[None]:
        if self._journal is None:
            return nullcontext()
        api = self._creator.api
        header = {
            "input_file": self._source.digest(),
            "task_type": self._creator.name,
            "url": api.base_api_url,
            # Tells accounts apart, and does not tell the key.
            "account": hashlib.sha256(b"scaleapi " + api.api_key.encode()).hexdigest()[:16],
        }
        return Journal(self._journal, header)

    def _items(self, rows: _Numbered, journal: Journal | None) -> Iterator[Item | RowOutcome[_T]]:
        """Yield rows that are to be sent, and the outcomes of those that are not."""
        for number, row in rows:
            item = self._prepared(number, row)
            entry = journal.entry(number) if journal is not None else None
            if entry is None or isinstance(item, RowOutcome):
                yield item
                continue
            if entry.key != item.key:
                raise ScaleArgumentError(
                    "journal",
                    f"belongs to other rows: row {number}, its defaults or its unique_id are not"
                    " those that were sent. Give the same rows, or another journal",
                )
            if entry.task_id is not None:
                yield RowOutcome(number, item.row, "existing", self._creator.known(entry.task_id))
            else:
                yield item._replace(sent_before=True)

    def _prepared(self, number: int, row: Mapping[str, Any]) -> Item | RowOutcome[_T]:
        """Return a row as it is sent, or the outcome if it cannot be."""
        if isinstance(row, BadRow):
            return RowOutcome(number, row, "failed", error=row.error)
        try:
            row = _copied(row)  # the caller may fill one dict again and again
            body = self._body(row)
        except RecursionError:
            error = ScaleArgumentError("rows", "must be JSON: it is nested too deeply")
            return RowOutcome(number, row, "failed", error=error)
        except ScaleArgumentError as error:
            raise_interruption(error)
            return RowOutcome(number, row, "failed", error=error)
        content = canonical([self._creator.name, number, body])
        return Item(number, row, body, _key(content), len(content))

    def _body(self, row: Mapping[str, Any]) -> JSONObject:
        for name in row:
            if not isinstance(name, str):
                raise ScaleArgumentError("rows", f"must have strings for keys, not {shown(name)}")
        parameters = _merged(self._defaults, row)
        if self._unique_id is not None:
            unique_id = self._unique_id.of(parameters, self._creator.name)
            parameters = self._unique_id.without_columns(parameters) | {"unique_id": unique_id}
        body: JSONObject = json.loads(json_bytes(self._creator.prepare(parameters)))
        return body

    def _send(self, item: Item, journal: Journal | None) -> RowOutcome[_T]:
        """Create the task of a row; called in a thread."""
        if self._limiter is not None:
            self._limiter.acquire()
        if journal is not None:
            journal.sending(item.number, item.key)
        done: Done
        try:
            done = self._creator.create(item.body, item.key, item.sent_before)
        except ScaleException as error:
            done = error
        return self._outcome(item, done, journal)

    def _outcome(self, item: Item, done: Done, journal: Journal | None) -> RowOutcome[_T]:
        """Note what became of a row, and return it."""
        if isinstance(done, ScaleException):
            if journal is not None:
                journal.failed(item.number, item.key, done)
            return RowOutcome(item.number, item.row, "failed", error=done)
        if journal is not None:
            journal.created(item.number, item.key, done.task_id)
        status: Literal["created", "existing"] = "created" if done.new else "existing"
        return RowOutcome(item.number, item.row, status, self._creator.wrap(done.json))


def _journal_path(
    journal: str | os.PathLike[str] | None, source: Source
) -> str | os.PathLike[str] | None:
    if journal is None:
        return None
    if not isinstance(journal, (str, os.PathLike)) or not str(journal):
        raise ScaleArgumentError("journal", f"must be the path of a file, not {shown(journal)}")
    if source.path is not None and os.path.realpath(journal) == os.path.realpath(source.path):
        raise ScaleArgumentError("journal", "must not be the file of the rows")
    return journal


def _merged(defaults: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return defaults with what a row says; objects are merged key by key."""
    merged = dict(defaults)
    for name, value in row.items():
        below = merged.get(name)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[name] = _merged(below, value) if both else value  # type: ignore[arg-type]
    return merged


def _copied(value: Any) -> Any:
    """Return dicts and lists as new ones, and all else as it is."""
    if isinstance(value, Mapping):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _key(content: bytes) -> str:
    """Return the idempotency key of a row, the same on every run.

    Args:
        content: What it makes, its number and the body. With the number, rows that are alike are
            tasks of their own.
    """
    return str(uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4))
