"""Tasks out: files of JSON lines and Parquet, tables, and what an export consists of.

:meth:`scaleapi.ScaleClient.export_tasks` writes an export; the names here are what it returns,
and the tables that need pyarrow: ``pip install "scaleapi[arrow]"``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .annotation_table import annotation_reader
    from .chat_tables import chat_annotation_reader, message_reader
    from .compaction import compact
    from .manifest import Export, ExportFile, FailedDownload, Run
    from .results import result_links, result_name
    from .task_table import task_reader

__all__ = [
    "Export",
    "ExportFile",
    "FailedDownload",
    "Run",
    "annotation_reader",
    "chat_annotation_reader",
    "compact",
    "message_reader",
    "result_links",
    "result_name",
    "task_reader",
]

#: The module that each name comes from. They are loaded when they are used: every client is made
#: from a class of this package.
_HOMES = {
    "Export": "manifest",
    "ExportFile": "manifest",
    "FailedDownload": "manifest",
    "Run": "manifest",
    "annotation_reader": "annotation_table",
    "chat_annotation_reader": "chat_tables",
    "message_reader": "chat_tables",
    "compact": "compaction",
    "result_links": "results",
    "result_name": "results",
    "task_reader": "task_table",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a name when it is first used."""
        from importlib import import_module  # noqa: PLC0415 - as late as what it is for

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
