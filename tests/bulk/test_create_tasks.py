"""Many tasks at once: each row once, with and without a journal."""

from __future__ import annotations

import inspect
import itertools
import os
import pickle
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleArgumentError, ScaleClient, ScaleException
from scaleapi.bulk.job import BulkOptions, Job
from scaleapi.exceptions import ScaleDuplicateResource, ScaleInternalError
from scaleapi.sandbox import Sandbox
from scaleapi.tasks.comparison import has_same_input
from tests.bulk.conftest import images

TYPE = "imageannotation"


def creations(sandbox: Sandbox) -> int:
    """Return how many creations the service was asked for."""
    return sum(one.method == "POST" and "/v1/task/" in one.path for one in sandbox.requests)


def test_each_row_is_a_task(client: ScaleClient, defaults: dict[str, Any]) -> None:
    row = {"attachment": "https://example.com/a.jpg", "metadata": {"n": 1}}
    defaults["metadata"] = {"week": 11, "n": 0}
    result = client.create_tasks(TYPE, [row, {}], defaults=defaults)
    (created,), (failed,) = result.created, result.failed
    assert (created.number, created.row, created.error) == (0, row, None)
    assert created.task is not None
    assert client.get_task(created.task.id).metadata == {"week": 11, "n": 1}
    assert (failed.number, failed.row, failed.task) == (1, {}, None)
    assert "attachment" in str(failed.error)
    assert repr(result) == "BulkResult(created=1, existing=0, failed=1)"


def test_a_csv_file(client: ScaleClient, tmp_path: Path) -> None:
    path = tmp_path / "scans.csv"
    path.write_text(
        "id,attachment,metadata.camera,geometries,project\n"
        '7,https://example.com/7.jpg,north,"{""box"": {""objects_to_annotate"": [""a""]}}",plain\n'
    )
    result = client.create_tasks(TYPE, path, unique_id="scan-{id}", progress=False)
    (task,) = result.tasks
    assert task.unique_id == "scan-7"
    assert task.metadata == {"camera": "north"}
    assert "id" not in task.as_dict()["params"]


@pytest.mark.parametrize("unique_id", [None, "scan-{id}", "content_hash"])
def test_a_second_run_finds_what_the_first_made(
    client: ScaleClient, defaults: dict[str, Any], unique_id: str | None
) -> None:
    first = client.create_tasks(TYPE, images(9), defaults=defaults, unique_id=unique_id)
    second = client.create_tasks(TYPE, images(10), defaults=defaults, unique_id=unique_id)
    assert (len(first.created), len(second.created), len(second.existing)) == (9, 1, 9)
    assert second.tasks[:9] == first.tasks
    assert client.get_tasks_count("plain") == 10


def test_rows_that_are_alike_are_tasks_of_their_own(
    client: ScaleClient, defaults: dict[str, Any]
) -> None:
    rows = images(1) * 5
    assert len(client.create_tasks(TYPE, rows, defaults=defaults).created) == 5
    result = client.create_tasks(TYPE, rows, defaults=defaults, unique_id="{content_hash}")
    assert (len(result.created), len(result.existing)) == (1, 4)


def test_an_iterable_is_read_as_it_is_needed(client: ScaleClient, defaults: dict[str, Any]) -> None:
    """Also one that never ends, that fills one dict again and again, and cares for its thread."""
    read: list[str] = []

    def endless() -> Iterator[dict[str, Any]]:
        row: dict[str, Any] = {}
        for number in itertools.count():
            read.append(threading.current_thread().name)
            row["attachment"] = f"https://example.com/{number}.jpg"
            yield row

    outcomes = client.iter_create_tasks(TYPE, endless(), defaults=defaults, workers=4)
    some = list(itertools.islice(outcomes, 50))
    outcomes.close()
    assert len(read) <= 50 + 3 * 4
    assert set(read) == {threading.current_thread().name}
    for outcome in some:
        assert outcome.row["attachment"] == f"https://example.com/{outcome.number}.jpg"
        assert outcome.task is not None
        assert outcome.task.params["attachment"] == outcome.row["attachment"]
    assert not [one for one in threading.enumerate() if one.name == "scaleapi-bulk"]


def test_an_error_of_the_iterable_is_the_callers(
    client: ScaleClient, defaults: dict[str, Any]
) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield from images(3)
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        client.create_tasks(TYPE, broken(), defaults=defaults)


def test_errors_are_collected_or_raised(client: ScaleClient, defaults: dict[str, Any]) -> None:
    rows: list[Any] = [*images(2), {1: 2}, {"metadata": {"a": object()}}, "text"]
    result = client.create_tasks(TYPE, rows, defaults=defaults)
    assert [outcome.number for outcome in sorted(result.failed, key=lambda one: one.number)] == [
        2,
        3,
        4,
    ]
    assert all(isinstance(outcome.error, ScaleArgumentError) for outcome in result.failed)
    with pytest.raises(ScaleArgumentError, match=r"metadata must be JSON.*This was row 0"):
        client.create_tasks(TYPE, rows[3:], defaults=defaults, on_error="raise")


def test_rows_that_failed_are_tried_again(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any]
) -> None:
    """Under their keys: what was made although its response was lost is not made again."""
    sandbox.faults.add("POST /v1/task/* 500 after-commit 50% seed 3")
    unlucky = client.with_options(max_retries=0)
    result = unlucky.create_tasks(TYPE, images(40), defaults=defaults)
    assert result.failed
    assert {type(outcome.error) for outcome in result.failed} == {ScaleInternalError}
    sandbox.faults.clear()
    again = result.retry_failed()
    assert not again.failed
    assert len(again.tasks) == 40
    assert client.get_tasks_count("plain") == 40
    assert again.retry_failed().tasks == again.tasks


def test_what_the_caller_changes_later_is_not_what_is_tried_again(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any]
) -> None:
    """One dict that is filled again and again, also inside, and defaults that change."""
    row: dict[str, Any] = {"attachment": "https://example.com/a.jpg", "metadata": {"at": [0]}}
    defaults = {**defaults, "metadata": {"round": 1}}

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(6):
            row["metadata"]["at"][0] = number
            yield row

    sandbox.faults.add("POST /v1/task/* 400 first 4")
    result = client.create_tasks(TYPE, rows(), defaults=defaults, workers=1)
    assert len(result.failed) == 4
    sandbox.faults.clear()
    defaults["metadata"]["round"] = 2
    again = result.retry_failed()
    assert [task.metadata for task in again.tasks] == [{"round": 1, "at": [n]} for n in range(6)]


@pytest.mark.parametrize(
    "other",
    [
        {"attachment": "https://example.com/b.jpg"},
        {"attachment": "https://example.org/a.jpg"},
        {"project": "other"},
    ],
)
def test_a_unique_id_that_another_row_has_is_no_success(
    client: ScaleClient, defaults: dict[str, Any], other: dict[str, str]
) -> None:
    """The task of another image, or in another project, is not that of the row."""
    client.ensure_project("other", TYPE)
    row = {"id": 1, "attachment": "https://example.com/a.jpg"}
    result = client.create_tasks(
        TYPE, [row, {**row, **other}], defaults=defaults, unique_id="id", workers=1
    )
    assert isinstance(result.failed[0].error, ScaleDuplicateResource)
    assert f"{result.tasks[0].id} has this unique_id, and another" in str(result.failed[0].error)


LINK = "https://img.example.net/a.jpg"

#: Links are signed again, for example for a rerun.
SIGNATURES = [
    ("X-Amz-Date=1&X-Amz-Signature=2", "X-Amz-Date=3&X-Amz-Signature=4&X-Amz-Security-Token=5"),
    ("AWSAccessKeyId=1&Expires=2&Signature=3", "AWSAccessKeyId=4&Expires=5&Signature=6"),
    ("GoogleAccessId=1&Expires=2&Signature=3", "X-Goog-Expires=4&X-Goog-Signature=5"),
    ("Policy=1&Signature=2&Key-Pair-Id=3", "Expires=4&Signature=5&Key-Pair-Id=6"),
    ("sv=1&se=2&sr=b&sp=r&sig=3", "sv=4&st=5&se=6&sr=b&sp=r&sig=7"),
    ("x-oss-signature=1&x-oss-date=2", "x-oss-signature=3&x-oss-date=4"),
    ("token=eyJhbGci.1", "token=eyJhbGci.2"),
]


@pytest.mark.parametrize(
    ("task", "body", "same"),
    [
        ({"params": {"attachment": "s3://b/1"}}, {"attachment": "s3://b/1"}, True),
        ({"params": {"attachment": "s3://b/1"}}, {"attachment": "s3://b/2"}, False),
        ({"params": {"attachment": "Is it?"}}, {"attachment": "Is it? No"}, False),
        ({"params": {"attachments": ["a", "b"]}}, {"attachments": ["b", "a"]}, False),
        (
            {"params": {"attachments": [{"url": "a", "x": 1}]}},
            {"attachments": [{"url": "a"}]},
            True,
        ),
        ({"params": {"attachment": "a"}}, {}, True),
        ({"params": {"attachment": f"{LINK}?id=1"}}, {"attachment": f"{LINK}?id=2"}, False),
        ({"params": {"attachment": f"{LINK}?versionId=1"}}, {"attachment": LINK}, False),
        ({"params": {"attachment": f"{LINK}#a"}}, {"attachment": f"{LINK}#b"}, True),
        ({"params": {"attachment": f"{LINK}?a=1&b=2"}}, {"attachment": f"{LINK}?b=2&a=1"}, True),
        ({"params": {"attachment": f"{LINK}?sv=1"}}, {"attachment": f"{LINK}?sv=2"}, False),
        ({"params": {"attachment": f"{LINK}?token=1"}}, {"attachment": f"{LINK}?token=2"}, False),
        (
            {"params": {"attachment": f"{LINK}?a=1&sig=2&sku=3"}},
            {"attachment": f"{LINK}?a=1&sig=2&sku=4"},
            False,
        ),
        ({"params": {"attachment": f"{LINK}?a=1&a=2"}}, {"attachment": f"{LINK}?a=2&a=1"}, False),
        ({"params": {"attachment": "s3://b/a#1.jpg"}}, {"attachment": "s3://b/a#2.jpg"}, False),
        (
            {"params": {"attachment": "https://h/a%7E%c3%a9?b=a+b"}},
            {"attachment": "HTTPS://H:443/a~%C3%A9?b=a%20b"},
            True,
        ),
        ({"params": {"text": "one"}}, {"text": "two"}, False),
        (
            {"params": {"attachments": [{"content": "a"}]}},
            {"attachments": [{"content": "b"}]},
            False,
        ),
        (
            {"params": {"attachments": [{"content": "a"}]}},
            {"attachments": [{"content": "a"}, {"content": "b"}]},
            False,
        ),
        ({"params": {"attachment": "http://[half"}}, {"attachment": "http://[other"}, False),
        *(
            (
                {"params": {"attachment": f"{LINK}?id=1&{old}"}},
                {"attachment": f"{LINK}?id=1&{new}"},
                True,
            )
            for old, new in SIGNATURES
        ),
        ({"project": "p"}, {"project": "p", "attachment": "a"}, True),
        ({"params": None}, {"attachment": None}, True),
    ],
    ids=str,
)
def test_what_a_task_is_about(task: dict[str, Any], body: dict[str, Any], same: bool) -> None:
    """What the service may have rewritten is not compared."""
    assert has_same_input(task, body) == same


def test_a_row_that_is_the_same_under_its_unique_id_is_there(
    client: ScaleClient, defaults: dict[str, Any]
) -> None:
    """Links may be signed anew, and what is said of the task may have changed."""
    row = {"id": 1, "attachment": "https://example.com/a.jpg?signature=1"}
    client.create_tasks(TYPE, [row], defaults=defaults, unique_id="id").tasks[0].set_metadata(
        {"seen": 1}
    )
    new = {"id": 1, "attachment": "https://example.com/a.jpg?signature=2", "instruction": "New"}
    assert len(client.create_tasks(TYPE, [new], defaults=defaults, unique_id="id").existing) == 1


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_process_that_was_forked_does_not_go_on_with_the_rows(
    client: ScaleClient, tmp_path: Path, defaults: dict[str, Any]
) -> None:
    """It is told so instead of waiting for threads that it does not have; the other goes on."""
    journal = tmp_path / "journal"
    outcomes = client.iter_create_tasks(
        TYPE, images(40), defaults=defaults, journal=journal, workers=4
    )
    next(outcomes)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        try:
            list(outcomes)
        except RuntimeError:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    with pytest.raises(ScaleArgumentError, match="is in use"):
        client.create_tasks(TYPE, images(40), defaults=defaults, journal=journal)
    assert len(list(outcomes)) == 39
    assert client.get_tasks_count("plain") == 40


def test_a_unique_id_of_another_type_is_no_success(
    client: ScaleClient, defaults: dict[str, Any]
) -> None:
    client.create_task(
        "categorization",
        attachment="https://example.com/a.jpg",
        attachment_type="image",
        categories=["a", "b"],
        unique_id="scan-0",
    )
    result = client.create_tasks(TYPE, images(1), defaults=defaults, unique_id="scan-{id}")
    assert isinstance(result.failed[0].error, ScaleDuplicateResource)


def test_a_dry_run_sends_nothing(
    client: ScaleClient, sandbox: Sandbox, tmp_path: Path, defaults: dict[str, Any]
) -> None:
    sent = len(sandbox.requests)
    rows: list[Any] = [*images(3), {"attachment": object()}, {}]
    journal = tmp_path / "journal"
    result = client.create_tasks(
        TYPE, rows, defaults=defaults, unique_id="scan-{id}", dry_run=True, journal=journal
    )
    assert (len(result.checked), len(result.failed), len(result.created)) == (3, 2, 0)
    assert repr(result).endswith("checked=3)")
    assert len(sandbox.requests) == sent
    assert not journal.exists()


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("rows", 5),
        ("defaults", [1]),
        ("defaults", {"a": object()}),
        ("unique_id", ""),
        ("journal", 5),
        ("journal", ""),
        ("workers", 0),
        ("workers", "many"),
        ("rate", 0),
        ("rate", "50/s"),
        ("rate", 10**400),
        ("rate", float("nan")),
        ("rate", True),
        ("progress", "bar"),
        ("on_error", "ignore"),
        ("dry_run", "maybe"),
    ],
)
def test_bad_arguments_are_named_at_once(client: ScaleClient, argument: str, value: Any) -> None:
    arguments: dict[str, Any] = {"rows": [], argument: value}
    with pytest.raises(ScaleArgumentError, match=f"^{argument} "):
        client.iter_create_tasks(TYPE, **arguments)
    with pytest.raises(ScaleArgumentError, match=f"^{argument} "):
        client.v2.create_chat_tasks(**arguments)


def test_all_bulk_creations_have_the_same_options() -> None:
    options = set(BulkOptions.__annotations__)
    for call in (ScaleClient.create_tasks, ScaleClient.iter_create_tasks, Job.__init__):
        assert set(inspect.signature(call).parameters) >= options


# The other kinds


@pytest.mark.parametrize("call", ["create_evaluation_tasks", "create_training_tasks"])
def test_quality_tasks(client: ScaleClient, call: str, tmp_path: Path) -> None:
    defaults = {
        "project": "parcels",
        "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
        "expected_response": {"annotations": []},
    }
    create = getattr(client, call)
    first = create(TYPE, images(5), defaults=defaults, journal=tmp_path / "journal")
    assert len(first.created) == 5
    assert type(first.tasks[0]).__name__ in {"EvaluationTask", "TrainingTask"}
    for journal in (tmp_path / "journal", None):
        second = create(TYPE, images(5), defaults=defaults, journal=journal)
        assert second.tasks == first.tasks
        assert len(second.existing) == 5


@pytest.mark.parametrize("unique_id", [None, "chat-{id}"])
def test_chat_tasks(client: ScaleClient, tmp_path: Path, unique_id: str | None) -> None:
    rows = [{"id": n, "template_variables": {"prompt": str(n)}} for n in range(5)]
    options: dict[str, Any] = {
        "defaults": {"project_name": "dialogues"},
        "unique_id": unique_id,
    }
    first = client.v2.create_chat_tasks(rows, journal=tmp_path / "journal", **options)
    assert len(first.created) == 5
    for journal in (tmp_path / "journal", None):
        second = client.v2.create_chat_tasks(rows, journal=journal, **options)
        assert [one.task_id for one in second.tasks] == [one.task_id for one in first.tasks]
        assert len(second.existing) == 5
    (failed,) = client.v2.create_chat_tasks([{}]).failed
    assert "project_id or project_name" in str(failed.error)


# The journal


def test_a_second_run_skips_what_the_journal_has(
    client: ScaleClient, sandbox: Sandbox, tmp_path: Path, defaults: dict[str, Any]
) -> None:
    journal = tmp_path / "journal"
    bad = [*images(5), {}]
    first = client.create_tasks(TYPE, bad, defaults=defaults, journal=journal)
    sent = creations(sandbox)
    second = client.create_tasks(TYPE, bad, defaults=defaults, journal=journal)
    assert creations(sandbox) == sent + 1  # the one that failed
    assert (len(second.existing), len(second.failed)) == (5, 1)
    assert second.tasks == first.tasks
    second.tasks[0].refresh()
    assert second.tasks[0].project == "plain"


@pytest.mark.parametrize("unique_id", [None, "scan-{id}"])
def test_what_was_under_way_is_finished_and_not_made_twice(
    client: ScaleClient,
    tmp_path: Path,
    defaults: dict[str, Any],
    unique_id: str | None,
) -> None:
    """Cut after each line, the journal is that of a process that died there."""
    rows = images(4)
    whole = tmp_path / "whole"
    options: dict[str, Any] = {"defaults": defaults, "unique_id": unique_id, "workers": 2}
    first = client.create_tasks(TYPE, rows, journal=whole, **options)
    lines = whole.read_bytes().splitlines(keepends=True)
    for count in range(len(lines) + 1):
        journal = tmp_path / f"cut {count}"
        journal.write_bytes(b"".join(lines[:count]))
        again = client.create_tasks(TYPE, rows, journal=journal, **options)
        assert again.tasks == first.tasks
        assert not again.failed
    assert client.get_tasks_count("plain") == 4


@pytest.mark.parametrize(
    "change",
    [
        {"rows": images(6)[1:]},
        {"defaults": {"project": "plain", "instruction": "other"}},
        {"unique_id": "other-{id}"},
    ],
    ids=["rows", "defaults", "unique_id"],
)
def test_other_rows_are_not_taken_for_those_of_the_journal(
    client: ScaleClient,
    sandbox: Sandbox,
    tmp_path: Path,
    defaults: dict[str, Any],
    change: dict[str, Any],
) -> None:
    arguments: dict[str, Any] = {
        "rows": images(5),
        "defaults": defaults,
        "journal": tmp_path / "journal",
    }
    client.create_tasks(TYPE, **arguments)
    sent = creations(sandbox)
    with pytest.raises(ScaleArgumentError, match=r"^journal belongs to other rows: row 0, "):
        client.create_tasks(TYPE, **{**arguments, **change})
    assert creations(sandbox) == sent


def test_another_file_type_or_account_is_an_error(
    client: ScaleClient, sandbox: Sandbox, tmp_path: Path, defaults: dict[str, Any]
) -> None:
    rows, journal = tmp_path / "rows.csv", tmp_path / "journal"
    rows.write_text("attachment\na.jpg\n")
    client.create_tasks(TYPE, rows, defaults=defaults, journal=journal)
    other = ScaleClient(sandbox.test_key, api_instance_url=sandbox.url)
    for one, task_type in ((client, "segmentannotation"), (other, TYPE)):
        with pytest.raises(ScaleArgumentError, match=r"^journal .*another (task type|account)"):
            one.create_tasks(task_type, rows, defaults=defaults, journal=journal)
    rows.write_text("attachment\na.jpg\nb.jpg\n")
    with pytest.raises(ScaleArgumentError, match=r"^journal .*another input file"):
        client.create_tasks(TYPE, rows, defaults=defaults, journal=journal)
    with pytest.raises(ScaleArgumentError, match=r"^journal must not be the file of the rows"):
        client.create_tasks(TYPE, rows, defaults=defaults, journal=tmp_path / "." / "rows.csv")


def test_no_secret_is_in_the_journal(
    client: ScaleClient, sandbox: Sandbox, tmp_path: Path, defaults: dict[str, Any]
) -> None:
    journal = tmp_path / "journal"
    client.create_tasks(TYPE, [*images(2), {}], defaults=defaults, journal=journal)
    assert sandbox.live_key not in journal.read_text()


def test_a_journal_that_cannot_be_written_stops_the_run(
    client: ScaleClient, tmp_path: Path, defaults: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever note is the first that fails, the next run finishes, and makes nothing twice."""
    write, journal = os.write, tmp_path / "journal"
    for room in (3, 8):
        left = itertools.count(room, -1)

        def full(file: int, data: bytes) -> int:
            if next(left) < 0:  # noqa: B023 - used in this round only
                raise OSError(28, "No space left on device")
            return write(file, data)

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(OSError, match=r"No space left.*Nothing is lost"):
            client.create_tasks(TYPE, images(20), defaults=defaults, journal=journal)
        monkeypatch.undo()
    result = client.create_tasks(TYPE, images(20), defaults=defaults, journal=journal)
    assert len(result.tasks) == 20
    assert client.get_tasks_count("plain") == 20


@pytest.mark.slow
@pytest.mark.parametrize("unique_id", [None, "scan-{id}"])
def test_programs_that_create_the_same_rows_at_once(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any], unique_id: str | None
) -> None:
    """Clients of their own stand for programs; all find every task, and each is made by one."""

    def run(_: int) -> Counter[str]:
        with ScaleClient(sandbox.live_key, api_instance_url=sandbox.url) as own:
            own.ensure_batch("plain", "week_11")
            result = own.create_tasks(
                TYPE,
                images(30),
                defaults={**defaults, "batch": "week_11"},
                unique_id=unique_id,
                workers=4,
            )
        return Counter(
            created=len(result.created), existing=len(result.existing), failed=len(result.failed)
        )

    with ThreadPoolExecutor(4) as pool:
        found = sum(pool.map(run, range(4)), Counter[str]())
    assert found == Counter(created=30, existing=90)
    assert client.get_tasks_count(batch_name="week_11") == 30


def test_a_result_can_be_pickled(client: ScaleClient, defaults: dict[str, Any]) -> None:
    result = client.create_tasks(TYPE, [*images(2), {}], defaults=defaults)
    copied = pickle.loads(pickle.dumps(result))
    assert copied.tasks == result.tasks
    assert repr(copied) == repr(result)
    with pytest.raises(ScaleArgumentError, match="needs the result that the call returned"):
        copied.retry_failed()


# Pace and progress


class Turns:
    """A limiter of the caller's own."""

    def __init__(self, most: int) -> None:
        self.taken = 0
        self._most = most

    def acquire(self) -> None:
        self.taken += 1
        if self.taken > self._most:
            raise PermissionError("no more")


def test_any_limiter_paces_the_calls(client: ScaleClient, defaults: dict[str, Any]) -> None:
    turns = Turns(100)
    client.create_tasks(TYPE, images(7), defaults=defaults, rate=turns)
    assert turns.taken == 7
    with pytest.raises(PermissionError, match="no more"):
        client.create_tasks(TYPE, images(100), defaults=defaults, rate=Turns(3))


def test_a_coroutine_is_no_limiter(client: ScaleClient) -> None:
    class Async:
        async def acquire(self) -> None: ...

    with pytest.raises(ScaleArgumentError, match="not a coroutine"):
        client.create_tasks(TYPE, [], rate=Async())


def test_a_rate(client: ScaleClient, defaults: dict[str, Any]) -> None:
    shown: list[float] = []
    client.create_tasks(
        TYPE, images(6), defaults=defaults, rate=20, progress=lambda one: shown.append(one.seconds)
    )
    assert shown[-1] >= 5 / 20 - 0.01


def test_progress_is_told_to_a_function(client: ScaleClient, defaults: dict[str, Any]) -> None:
    seen: list[tuple[int | None, int, int, int]] = []

    def show(progress: Any) -> None:
        seen.append((progress.total, progress.done, progress.created, progress.failed))
        assert progress.rate > 0
        assert progress.remaining == pytest.approx((6 - progress.done) / progress.rate)

    client.create_tasks(TYPE, [*images(5), {}], defaults=defaults, progress=show)
    assert [one[:2] for one in seen] == [(6, n) for n in range(1, 7)]
    assert seen[-1] == (6, 6, 5, 1)


def test_a_bar(
    client: ScaleClient, defaults: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("tqdm")
    rows = [*images(5), {}]
    client.create_tasks(TYPE, rows, defaults=defaults)
    assert capfd.readouterr().err == ""  # not a terminal
    client.create_tasks(TYPE, rows, defaults=defaults, progress=True)
    bar = capfd.readouterr().err
    assert "6/6" in bar
    assert "failed=1" in bar


def test_a_bar_without_tqdm(
    client: ScaleClient, defaults: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    with pytest.raises(ScaleArgumentError, match="pip install"):
        client.create_tasks(TYPE, [], progress=True)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert len(client.create_tasks(TYPE, images(1), defaults=defaults).created) == 1


def test_a_failure_is_an_exception_of_the_call(
    client: ScaleClient, sandbox: Sandbox, defaults: dict[str, Any]
) -> None:
    sandbox.faults.add("POST /v1/task/* 402")
    (failed,) = client.create_tasks(TYPE, images(1), defaults=defaults).failed
    assert isinstance(failed.error, ScaleException)
    assert failed.error.status == 402
    sandbox.faults.clear()
