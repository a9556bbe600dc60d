"""The journal: what survives, and what is not taken for one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scaleapi import ScaleArgumentError
from scaleapi.bulk.journal import Entry, Journal

HEADER: dict[str, str | None] = {
    "input_file": None,
    "task_type": "task/imageannotation",
    "url": "https://api.scale.com/v1",
    "account": "0123",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def written(path: Path) -> Path:
    """Write a journal of three rows: done, failed and under way."""
    with Journal(path, HEADER) as journal:
        journal.sending(0, "k0")
        journal.created(0, "k0", "t0")
        journal.sending(1, "k1")
        journal.failed(1, "k1", ValueError("no"))
        journal.sending(3, "k3")
    return path


def entries(path: Path, count: int = 5) -> list[Entry | None]:
    with Journal(path, HEADER) as journal:
        return [journal.entry(row) for row in range(count)]


EXPECTED = [Entry("k0", "t0"), Entry("k1", None), None, Entry("k3", None), None]


def test_what_was_noted_is_read_back(path: Path) -> None:
    assert entries(written(path)) == EXPECTED
    assert entries(path) == EXPECTED
    lines = path.read_text().splitlines()
    assert json.loads(lines[0]) == {"scaleapi_journal": 1, **HEADER}
    assert len(lines) == 6


def test_a_torn_last_line_is_ignored_wherever_it_tears(path: Path) -> None:
    """And what is written next begins on a line of its own."""
    content = written(path).read_bytes()
    begin = content.rstrip(b"\n").rindex(b"\n") + 1
    for size in range(begin, len(content)):
        path.write_bytes(content[:size])
        assert entries(path) == [*EXPECTED[:3], None, None]
        assert path.stat().st_size == begin
    path.write_bytes(content + b"\0" * 100 + b"\n")
    with Journal(path, HEADER) as journal:
        journal.created(3, "k3", "t3")
    assert entries(path)[3] == Entry("k3", "t3")


def test_a_torn_header_is_a_journal_that_was_not_begun(path: Path) -> None:
    header = written(path).read_bytes().splitlines()[0]
    for size in range(len(header) + 1):
        path.write_bytes(header[:size])
        assert entries(path) == [None] * 5


@pytest.mark.parametrize("content", [b"attachment\na.jpg\n", b"x", b'{"a": 1}\n', b"\0" * 50])
def test_another_file_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ScaleArgumentError, match="is not a journal"):
        Journal(path, HEADER)
    assert path.read_bytes() == content


def test_damage_in_the_middle_is_an_error(path: Path) -> None:
    lines = written(path).read_bytes().splitlines(keepends=True)
    for damage in (b"\0\0\0\n", b"[]\n", b'{"row": "x"}\n', b'{"row": -1}\n', b'{"row": 1e30}\n'):
        path.write_bytes(b"".join([*lines[:2], damage, *lines[2:]]))
        with pytest.raises(ScaleArgumentError, match="is damaged: line 3"):
            Journal(path, HEADER)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("input_file", "another input file"),
        ("task_type", "another task type: 'task/imageannotation', not 'other'"),
        ("url", "another url"),
        ("account", "another account"),
    ],
)
def test_the_journal_of_another_run(path: Path, name: str, words: str) -> None:
    written(path)
    with pytest.raises(ScaleArgumentError, match=words):
        Journal(path, {**HEADER, name: "other"})


def test_a_journal_has_one_writer(path: Path) -> None:
    with Journal(path, HEADER), pytest.raises(ScaleArgumentError, match="is in use"):
        Journal(path, HEADER)
    Journal(path, HEADER).close()


@pytest.mark.slow
def test_a_journal_has_one_writer_among_programs(path: Path) -> None:
    with Journal(path, HEADER):
        program = (
            "import sys\nfrom scaleapi.bulk.journal import Journal\n"
            f"Journal(sys.argv[1], {HEADER!r})"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False
        )
        assert "is in use" in done.stderr


def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no" / "folder", "a\0b"):
        with pytest.raises(ScaleArgumentError, match=r"^journal "):
            Journal(path, HEADER)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
@pytest.mark.parametrize("device", ["/dev/null", "/dev/full", "/dev/zero", "pipe"])
def test_a_journal_is_a_file_on_a_disk(tmp_path: Path, device: str) -> None:
    """Some of the others have no end, and would fill the memory."""
    path = Path(device)
    if device == "pipe":
        path = tmp_path / "pipe"
        os.mkfifo(path)
    with pytest.raises(ScaleArgumentError, match="not a file on a disk"):
        Journal(path, HEADER)


@pytest.mark.parametrize(
    "line",
    [
        {"row": -1, "key": "k"},
        {"row": True, "key": "k"},
        {"row": 999_999_999, "key": "k"},  # whose place would be 8 GB into the index
        {"row": 10**30, "key": "k"},
        {"row": 1, "key": "k", "task_id": 5},
        {"key": "k"},
    ],
)
def test_a_line_that_says_nothing_of_a_row_is_damage(path: Path, line: dict[str, object]) -> None:
    with written(path).open("a") as file:
        file.write(f"{json.dumps(line)}\n")
    with pytest.raises(ScaleArgumentError, match="is damaged: line 7"):
        Journal(path, HEADER)


def test_a_line_without_end_is_damage(path: Path) -> None:
    path.write_bytes(written(path).read_bytes() + b"x" * 3_000_000)
    with pytest.raises(ScaleArgumentError, match="is damaged: line 7"):
        Journal(path, HEADER)


def test_a_journal_that_is_renamed_or_left_behind_is_read_to_the_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(path)
    monkeypatch.chdir(path.parent)
    with Journal(path.name, HEADER) as journal:
        monkeypatch.chdir("/")
        path.rename(path.with_suffix(".old"))
        assert [journal.entry(row) for row in range(5)] == EXPECTED


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="has no fork")
def test_a_process_that_was_forked_does_not_hold_the_journal(path: Path) -> None:
    """Else nobody could go on with it until all children of a killed program have ended."""
    program = f"""
import os, sys, time
from scaleapi.bulk.journal import Journal

journal = Journal(sys.argv[1], {HEADER!r})
journal.sending(0, "k0")
child = os.fork()
if child == 0:
    journal.close()  # as at the end of a with block
    print(os.getpid(), flush=True)
    time.sleep(30)
    os._exit(0)
time.sleep(30)
"""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, str(path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        try:
            with pytest.raises(ScaleArgumentError, match="is in use"):
                Journal(path, HEADER)
            parent.kill()
            parent.wait()
            assert entries(path, 1) == [Entry("k0", None)]
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to do, and no half of a line stays, wherever the disk was full."""
    journal = Journal(path, HEADER)
    journal.sending(0, "k0")
    size = path.stat().st_size
    write = os.write

    def full(file: int, data: bytes) -> int:
        if len(data) > 10:
            return write(file, data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    for _ in range(2):
        with pytest.raises(OSError, match=r"No space left on device\), so nothing more is sent"):
            journal.created(0, "k0", "t0")
        assert path.stat().st_size == size
    monkeypatch.undo()
    journal.created(0, "k0", "t0")
    journal.close()
    assert entries(path)[0] == Entry("k0", "t0")


def test_a_thread_that_outlives_the_run_writes_nowhere(path: Path) -> None:
    journal = Journal(path, HEADER)
    journal.close()
    with (path.parent / "other").open("wb") as other:  # which gets the number of the old file
        with pytest.raises(OSError, match="closed"):
            journal.created(0, "k0", "t0")
        assert other.tell() == 0
