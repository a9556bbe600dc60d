"""Which process writes a file of an export, if several export to one folder at the same time.

Two may, since an export goes on where one was killed whose workers are still there. Each reads its
windows; the first that has all of one says so in a small file beside the export's, and only then
lets the large one appear. So the small file is about the large one, whoever reads it.
"""

from __future__ import annotations

import time

from .folder import Folder
from .manifest import MANIFEST, PLAN, ExportFile, done_content, done_file

__all__ = ["Superseded", "Taken", "claim", "claimed", "is_wanted"]

#: Seconds after which a process that has claimed a file, but has not let it appear, was killed.
_PATIENCE = 5.0


class Superseded(Exception):
    """Another process has finished the run."""


class Taken(Exception):
    """Another process has written the file.

    Args:
        file: The file, with the number of its tasks.
    """

    def __init__(self, file: ExportFile) -> None:
        super().__init__(file)
        self.file = file


def claimed(folder: Folder, file: ExportFile) -> ExportFile | None:
    """Return what was recorded about the file of a window, if a process has written it."""
    content = folder.read(file._done_name)
    if content is None or not folder.exists(file.name):
        return None
    done = done_file(content)
    # Otherwise it is of a plan that is lost.
    is_same = done is not None and (done.first, done.last) == (file.first, file.last)
    return done if is_same else None


def is_wanted(folder: Folder, file: ExportFile) -> bool:
    """Return whether the run that a file belongs to is still unfinished."""
    name = f'"{file.name}"'.encode()
    plan, manifest = folder.read(PLAN), folder.read(MANIFEST)
    return plan is not None and name in plan and (manifest is None or name not in manifest)


def claim(folder: Folder, written: ExportFile) -> None:
    """Record what a file contains, just before it appears.

    Args:
        folder: The folder of the export.
        written: The file, which is complete under another name.

    Raises:
        Taken: Another process was first.
        Superseded: Another process has finished the run.
    """
    name, content = written._done_name, done_content(written)
    seen: bytes | None = None
    until = 0.0
    while not folder.write_if_absent(name, content):
        done = claimed(folder, written)
        if done is not None:
            raise Taken(done)
        if not is_wanted(folder, written):
            raise Superseded
        there = folder.read(name)
        if there != seen:  # another process may have waited for a killed one too
            seen, until = there, time.monotonic() + _PATIENCE
        if folder.exists(written.name) or time.monotonic() > until:
            folder.remove(name)  # of a plan that is lost, or of a process that was killed
        else:
            time.sleep(0.05)
    # The small files of a run are removed when it is in the manifest.
    if not is_wanted(folder, written):
        folder.remove(name)
        raise Superseded
