"""Folders: files appear whole or not at all, wherever they are."""

from __future__ import annotations

import pickle
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from scaleapi.export import compact
from scaleapi.export.folder import Folder, flush
from tests.export.conftest import Connect
from tests.export.task_list import TaskList, spread


@pytest.fixture(params=["local", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    if request.param == "local":
        return Folder.of("path", tmp_path / "new" / "out")
    return Folder.of("path", f"memory://{uuid4().hex}/out/")


def test_files_come_and_go(folder: Folder) -> None:
    assert folder.read("a.json") is None
    folder.write("a.json", b"[1]")
    folder.write("results/b.json", b"[2]")
    assert folder.read("a.json") == b"[1]"
    assert folder.exists("results/b.json")
    assert not folder.write_if_absent("a.json", b"[3]")
    assert folder.write_if_absent("c.json", b"[3]")
    with folder.open("a.json") as path:
        assert path.read_bytes() == b"[1]"
    folder.remove("a.json")
    folder.remove("a.json")
    assert not folder.exists("a.json")


def test_a_file_that_was_not_finished_does_not_appear(folder: Folder) -> None:
    folder.write("a.json", b"old")

    def write() -> None:
        with folder.new_file("a.json") as path:
            path.write_bytes(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert folder.read("a.json") == b"old"


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*paths: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", link)
    folder = Folder.of("path", tmp_path)
    assert folder.write_if_absent("a.json", b"1")
    assert not folder.write_if_absent("a.json", b"2")
    assert folder.read("a.json") == b"1"


def test_another_run_finished_and_cleaned_up(tmp_path: Path) -> None:
    """What is there under the name may be older: only the writer knows whether it will do."""
    folder = Folder.of("path", tmp_path)

    def write() -> None:
        with folder.new_file("a.json") as path:
            path.write_bytes(b"mine")
            folder.write("a.json", b"theirs")
            path.unlink()

    with pytest.raises(FileNotFoundError):
        write()
    assert folder.read("a.json") == b"theirs"


def test_folders_can_be_pickled_and_compared(folder: Folder) -> None:
    again = pickle.loads(pickle.dumps(folder))
    assert again == folder
    assert hash(again) == hash(folder)
    assert again != Folder.of("path", "elsewhere")


def test_relative_paths_are_those_of_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker may run in another directory."""
    monkeypatch.chdir(tmp_path)
    folder = Folder.of("path", "out")
    monkeypatch.chdir("/")
    folder.write("a.json", b"[1]")
    assert (tmp_path / "out" / "a.json").exists()


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_an_export_at_a_url(connect: Connect, format: str) -> None:
    url = f"memory://{uuid4().hex}/out"
    service = TaskList(spread(50))
    client = connect(service)
    export = client.export_tasks("parcels", url, format=format, window=10)
    system, root = fsspec.core.url_to_fs(url)
    names = {path.rpartition("/")[2] for path in system.ls(root, detail=False)}
    assert names == {"_manifest.json", *(file.name for file in export.files)}
    service.tasks[3] = {**service.tasks[3], "updated_at": "2999-01-01T00:00:00.000Z"}
    assert client.export_tasks("parcels", url, format=format, since=url).tasks == 51
    assert compact(url).tasks == 50
    if format == "jsonl":
        lines = [
            line
            for path in system.glob(f"{root}/tasks-*")
            for line in system.cat_file(path).splitlines()
        ]
        assert len(lines) == len(set(lines)) == 50


def test_without_fsspec_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fsspec.core", None)
    with pytest.raises(ImportError, match=r"scaleapi\[cloud\]"):
        Folder.of("path", "s3://bucket/out")


def test_a_file_whose_temporary_file_is_removed_is_written_though_there_is_an_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the manifest of a further run is lost, and the run with it."""
    place = Folder(str(tmp_path))
    place.write("_manifest.json", b"of the first run")
    whole, removals = flush, [place.remove_leftovers]

    def flush_late(path: Path) -> None:
        whole(path)
        if removals:
            removals.pop()()  # by another process

    monkeypatch.setattr("scaleapi.export.folder.flush", flush_late)
    place.write("_manifest.json", b"of the second run")
    assert place.read("_manifest.json") == b"of the second run"
