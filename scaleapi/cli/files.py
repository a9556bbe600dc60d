"""``scaleapi files``."""

from __future__ import annotations

import argparse
from itertools import islice
from typing import Any

from .arguments import Commands, add_command, add_limit, add_noun, page_size
from .context import Context
from .fields import json_argument

__all__ = ["add_commands"]

_COLUMNS = ("id", "attachment_url", "mime_type", "size", "display_name", "reference_id")


def add_commands(nouns: Commands) -> None:
    """Add the commands of this noun."""
    verbs = add_noun(nouns, "files", "Store attachments with Scale.")
    uploading = add_command(verbs, "upload", "Upload files of up to 80 MB.", _upload)
    uploading.add_argument("paths", nargs="+", metavar="PATH")
    importing = add_command(verbs, "import", "Let Scale fetch files from links.", _import)
    importing.add_argument("urls", nargs="+", metavar="URL")
    for parser in (uploading, importing):
        parser.add_argument("--project-name", metavar="NAME", required=True)
        parser.add_argument("--metadata", metavar="JSON")

    listing = add_command(verbs, "list", "List the files of a project.", _list)
    listing.add_argument("project_name", metavar="PROJECT")
    add_limit(listing)


def _fields(options: argparse.Namespace) -> dict[str, Any]:
    fields: dict[str, Any] = {"project_name": options.project_name}
    if options.metadata is not None:
        fields["metadata"] = json_argument(options.metadata, "--metadata")
    return fields


def _upload(context: Context) -> None:
    options = context.options
    fields, upload = _fields(options), context.client.upload_file
    context.output.rows((upload(path, **fields).as_dict() for path in options.paths), _COLUMNS)


def _import(context: Context) -> None:
    options = context.options
    fields, import_file = _fields(options), context.client.import_file
    context.output.rows((import_file(url, **fields).as_dict() for url in options.urls), _COLUMNS)


def _list(context: Context) -> None:
    options = context.options
    files = context.client.list_files(options.project_name, limit=page_size(options.limit))
    context.output.rows((file.as_dict() for file in islice(files, options.limit)), _COLUMNS)
