"""Make one set of files of an export and what has changed since: each task once, as it is now."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ..exceptions import ScaleArgumentError
from .arrow import arrow
from .folder import Folder
from .manifest import MANIFEST, PLAN, Export, ExportFile, Run

__all__ = ["compact"]


def compact(path: str | os.PathLike[str]) -> Export:
    """Remove from an export the tasks that a later run has exported again.

    Files that have none of these stay as they are; the others are written anew, each at once. If
    it is killed, call it again. A task that no longer matches the filters keeps its last state.

    Args:
        path: The folder.

    Returns:
        The export, with each task in one file.

    Raises:
        ScaleArgumentError: The folder has no finished export, a run is not finished, a file of it
            is damaged, or another process changes it.

    Example:
        >>> client.export_tasks("parcels", "out/", since="out/")
        Export(path='out/', tasks=26, files=2)
        >>> compact("out/")
        Export(path='out/', tasks=24, files=2)
    """
    folder = Folder.of("path", path)
    export = Export.load(folder, MANIFEST)
    if export is None:
        raise ScaleArgumentError(
            "path", f"must be the folder of a finished export; {folder.root} has none"
        )
    if folder.exists(PLAN):
        raise ScaleArgumentError("path", "has a run that is not finished: call export_tasks again")
    export.check_complete(folder)
    try:
        return _compacted(folder, export)
    except FileNotFoundError:
        raise _changed() from None


def _changed() -> ScaleArgumentError:
    return ScaleArgumentError(
        "path", "is being changed by another process: call compact again when that has ended"
    )


def _compacted(folder: Folder, export: Export) -> Export:
    """Compact an export.

    Raises:
        FileNotFoundError: Another process has compacted it meanwhile.
        ScaleArgumentError: Another process has exported or compacted meanwhile.
    """
    newer: set[str] = set()
    runs: list[Run] = []
    for run in reversed(export.runs):
        files, ids = [], set[str]()
        for file in run.files:
            ids.update(found := _ids(folder, file, export.format))
            left = sum(task_id not in newer for task_id in found)
            if left < len(found):
                _rewrite(folder, file, newer, export.format)
            files.append(replace(file, tasks=left))
        newer |= ids
        runs.insert(0, replace(run, files=[file for file in files if file.tasks]))
    compacted = replace(export, runs=runs).without_downloaded(folder)
    # Files without some old tasks are right for every manifest, but not this one for a further run.
    if folder.exists(PLAN) or Export.load(folder, MANIFEST) != export:
        raise _changed()
    folder.write(MANIFEST, compacted.to_json())
    for gone in {file.name for file in export.files} - {file.name for file in compacted.files}:
        folder.remove(gone)
    folder.remove_leftovers()
    return compacted


def _ids(folder: Folder, file: ExportFile, format: str) -> list[str]:
    """Return the ids of the tasks of a file.

    Raises:
        ScaleArgumentError: It is not as it was written.
    """
    with folder.open(file.name) as path:
        try:
            return list(_READERS[format](path))
        except (ValueError, KeyError, TypeError) as error:  # those of pyarrow are ValueErrors
            raise ScaleArgumentError(
                "path",
                f"has a file {file.name} that is damaged ({error}); export to another folder",
            ) from None


def _rewrite(folder: Folder, file: ExportFile, newer: set[str], format: str) -> None:
    """Write a file anew, without some tasks."""
    with folder.open(file.name) as old, folder.new_file(file.name) as new:
        _COPIES[format](old, new, newer)


def _jsonl_ids(path: Path) -> Iterator[str]:
    with path.open("rb") as lines:
        for line in lines:
            yield json.loads(line)["task_id"]


def _parquet_ids(path: Path) -> Iterator[str]:
    with arrow("pyarrow.parquet").ParquetFile(path) as file:
        for batch in file.iter_batches(columns=["task_id"]):
            yield from batch.column(0).to_pylist()


def _copy_jsonl(old: Path, new: Path, newer: set[str]) -> None:
    with old.open("rb") as lines, new.open("wb") as kept:
        for line in lines:
            if json.loads(line)["task_id"] not in newer:
                kept.write(line)


def _copy_parquet(old: Path, new: Path, newer: set[str]) -> None:
    pa, parquet = arrow(), arrow("pyarrow.parquet")
    with (
        parquet.ParquetFile(old) as file,
        parquet.ParquetWriter(new, file.schema_arrow, compression="zstd") as kept,
    ):
        for batch in file.iter_batches(batch_size=1_000):
            is_kept = [task_id not in newer for task_id in batch.column("task_id").to_pylist()]
            kept.write_batch(batch.filter(pa.array(is_kept)))


_READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    "jsonl": _jsonl_ids,
    "parquet": _parquet_ids,
}
_COPIES: dict[str, Callable[[Path, Path, set[str]], None]] = {
    "jsonl": _copy_jsonl,
    "parquet": _copy_parquet,
}
