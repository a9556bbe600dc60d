"""What an export consists of: the plan of a run that has not ended, and the manifest after it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..exceptions import ScaleArgumentError
from .windows import Window, iso, parse_time

if TYPE_CHECKING:
    from .folder import Folder

__all__ = ["Export", "ExportFile", "FailedDownload", "Run"]

_NAME = re.compile(r"tasks-\d+-\d+\.[a-z]+")

#: What reading a file of an export raises that is not as it was written.
_DAMAGE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)

MANIFEST, PLAN = "_manifest.json", "_plan.json"


@dataclass(frozen=True)
class FailedDownload:
    """A result that could not be downloaded. Another call tries it again.

    Attributes:
        task_id: The task.
        link: The link, without its query.
        error: What the host said.
        name: Where it would be in the folder, see :func:`scaleapi.export.result_name`.
    """

    task_id: str
    link: str
    error: str
    name: str


@dataclass(frozen=True)
class ExportFile:
    """A file of an export, with the tasks of one window of creation times.

    Attributes:
        name: Its name in the folder.
        first: The earliest creation time of the window.
        last: The latest creation time of the window.
        planned: How many tasks there were when the window was planned.
        tasks: How many tasks the file has.
        missing: How many tasks the service counted and did not list.
        failed_downloads: Results that are not in the folder.
    """

    name: str
    first: str
    last: str
    planned: int
    tasks: int = 0
    missing: int = 0
    failed_downloads: list[FailedDownload] = field(default_factory=list)

    @property
    def _window(self) -> Window:
        """The range of creation times."""
        first, last = parse_time(self.first), parse_time(self.last)
        if first is None or last is None:
            raise ValueError(f"{self.first} to {self.last} is no range of times")
        return Window(first, last, self.planned)

    @property
    def _done_name(self) -> str:
        """The name of the small file that says what this one has, while the run goes on."""
        return f"_done-{self.name}.json"


@dataclass(frozen=True)
class Run:
    """One run of an export: the first, or a later one with what has changed since.

    Attributes:
        number: Its number, from 1.
        service_time: When it began, by the service's clock.
        updated_after: It has the tasks that changed at or after this time; ``None`` for all.
        files: Its files.
    """

    number: int
    service_time: str
    updated_after: str | None
    files: list[ExportFile]


@dataclass(frozen=True)
class Export:
    """An export that is complete, as its manifest describes it.

    Attributes:
        path: The folder.
        format: ``"jsonl"`` or ``"parquet"``.
        filters: The filters of the task list, by their names on the wire.
        download_results: Whether results behind links were downloaded.
        runs: The runs that made it, oldest first.
    """

    path: str
    format: str
    filters: dict[str, Any]
    download_results: bool
    runs: list[Run]

    @property
    def tasks(self) -> int:
        """How many tasks its files have; one that was exported again counts again."""
        return sum(file.tasks for file in self.files)

    @property
    def files(self) -> list[ExportFile]:
        """The files of all runs."""
        return [file for run in self.runs for file in run.files]

    @property
    def failed_downloads(self) -> list[FailedDownload]:
        """Results that are not in the folder."""
        return [failed for file in self.files for failed in file.failed_downloads]

    def __repr__(self) -> str:
        return f"Export(path={self.path!r}, tasks={self.tasks}, files={len(self.files)})"

    def without_downloaded(self, folder: Folder) -> Export:
        """Return the export without the failures whose results are in the folder by now."""
        if not self.failed_downloads:
            return self

        def left(file: ExportFile) -> ExportFile:
            failed = [one for one in file.failed_downloads if not folder.exists(one.name)]
            return replace(file, failed_downloads=failed)

        runs = [replace(run, files=[left(file) for file in run.files]) for run in self.runs]
        return replace(self, runs=runs)

    def to_json(self) -> bytes:
        """Return the content of its file."""
        content = {name: value for name, value in asdict(self).items() if name != "path"}
        return json.dumps({"version": 1, **content}, indent=1).encode()

    @classmethod
    def load(cls, folder: Folder, name: str) -> Export | None:
        """Read the plan or the manifest of a folder, ``None`` if it has none.

        Raises:
            ScaleArgumentError: The file cannot be read.
        """
        content = folder.read(name)
        if content is None:
            return None
        try:
            json_object = json.loads(content)
            if json_object.pop("version") != 1:
                raise ValueError("another version wrote it")
            runs = [_run(run) for run in json_object.pop("runs")]
            return cls(path=folder.root, runs=runs, **json_object)
        except _DAMAGE as error:
            raise ScaleArgumentError(
                "path", f"has a file {name} that cannot be read ({error}); give another folder"
            ) from None

    def check_complete(self, folder: Folder) -> None:
        """Check that the files of the export are in its folder.

        Raises:
            ScaleArgumentError: One is not.
        """
        for file in self.files:
            if not folder.exists(file.name):
                raise ScaleArgumentError(
                    "path",
                    f"has an export whose file {file.name} has been removed; give another folder",
                )

    @property
    def settings(self) -> dict[str, object]:
        """What all its runs have in common."""
        return {
            "format": self.format,
            "filters": self.filters,
            "download_results": self.download_results,
        }

    def check_same(self, **wanted: object) -> None:
        """Check that a call asks for what is in the folder already.

        Args:
            **wanted: What it asks for, by the names of ``settings``.

        Raises:
            ScaleArgumentError: It asks for something else.
        """
        for name, found in self.settings.items():
            if json.loads(json.dumps(wanted[name])) != found:
                raise ScaleArgumentError(
                    "path",
                    f"has an export with {name} {found!r}, not {wanted[name]!r};"
                    " give another folder",
                )


def planned_files(run: int, windows: Sequence[Window], suffix: str) -> list[ExportFile]:
    """Return the files for the windows of a run, of which none is written yet."""
    return [
        ExportFile(
            f"tasks-{run:04}-{number:05}{suffix}",
            iso(window.first),
            iso(window.last),
            window.tasks,
        )
        for number, window in enumerate(windows, 1)
    ]


def done_content(file: ExportFile) -> bytes:
    """Return what the small file beside an unfinished run's file says."""
    return json.dumps(asdict(file)).encode()


def done_file(content: bytes) -> ExportFile | None:
    """Return what the small file beside an unfinished run's file said, if it can be read."""
    try:
        return _file(json.loads(content))
    except _DAMAGE:
        return None


def _run(content: dict[str, Any]) -> Run:
    content["files"] = [_file(file) for file in content["files"]]
    return Run(**content)


def _file(content: dict[str, Any]) -> ExportFile:
    if not _NAME.fullmatch(content["name"]):  # it may be removed: it must be one of ours
        raise ValueError(f"{content['name']} is not the name of a file of an export")
    content["failed_downloads"] = [FailedDownload(**one) for one in content["failed_downloads"]]
    return ExportFile(**content)
