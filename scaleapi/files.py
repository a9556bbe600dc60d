"""Files: attachments stored by Scale."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from ._arguments import is_given, json_text, page_size_of, text_of
from ._http.response import JSONObject, bad_response, check_object
from ._http.uploads import Uploadable
from ._model.fields import Field
from ._model.objects import ApiObject
from .api import Resource
from .exceptions import ScaleBadResponse
from .pagination import iterate

__all__ = ["File", "FileMethods"]


class File(ApiObject):
    """A file (https://scale.com/docs/api-reference/file-endpoints).

    Example:
        >>> file = client.upload_file("a17.jpg", project_name="parcels")
        >>> client.create_task("imageannotation", attachment=file.attachment_url, ...)
    """

    _required = ("id", "attachment_url")
    _identity = "id"
    _shown = ("id", "attachment_url")

    id = Field[str]("id", "The file's id, a UUID.")
    attachment_url = Field[str]("attachment_url", "The URL to use as the attachment of a task.")
    mime_type = Field[str | None]("mime_type", "The MIME type.")
    size = Field[int | None]("size", "The size in bytes.")
    project_names = Field[list[str] | None]("project_names", "The projects that may use it.")
    display_name = Field[str | None]("display_name", "The name in the dashboard.")
    reference_id = Field[str | None]("reference_id", "The customer's own id for the file.")
    metadata = Field[JSONObject | str | None]("metadata", "Metadata set by the customer.")
    created_at = Field[str | None]("created_at", "When it was created, ISO 8601 in UTC.")
    updated_at = Field[str | None]("updated_at", "When it last changed.")

    def _repr_html_(self) -> str:
        from ._notebook import file_card  # noqa: PLC0415 - only notebooks need it

        return file_card(type(self).__name__, self._identity, self._json)


class FileMethods(Resource):
    """The calls about files."""

    def upload_file(self, file: Uploadable, **kwargs: Any) -> File:
        """Upload a file of at most 80 MB. The file is streamed, not read into memory.

        Args:
            file: A path, bytes, or a file object, which is sent from its current position. Text
                files are encoded as UTF-8.
            **kwargs: ``filename`` to override the name of the file, and form fields:
                ``project_name`` (Rapid), ``display_name``, ``reference_id`` (your own id, which
                makes the upload safe to retry) and ``metadata`` (a dict). A list, such as
                ``project_names=["a", "b"]``, is sent as a repeated field.

        Raises:
            ScaleDuplicateResource: If the ``reference_id`` is already used.
            ScaleInvalidRequest: If the file is closed, cannot be read, or is too large.

        Example:
            >>> client.upload_file("a17.jpg", project_name="parcels").attachment_url
            'scaledata://65ee00aa11bb22cc33dd44ee/5a0e6f0c-1111-4222-8333-9444a5550666'
        """
        filename = kwargs.pop("filename", None)
        named = (filename, file) if is_given(filename) else file
        extras = _extras(kwargs)
        return File._from(
            self.api.post_request("files/upload", files={"file": named}, data=kwargs, **extras),
            self,
        )

    def import_file(self, file_url: str, **kwargs: Any) -> File:
        """Import a file from a URL.

        Args:
            file_url: The URL that the service fetches the file from.
            **kwargs: ``project_name``, ``display_name``, ``reference_id``, ``metadata``.

        Raises:
            ScaleDuplicateResource: If the ``reference_id`` is already used.
            ScaleInvalidRequest: If the file cannot be fetched.
        """
        body = {"file_url": text_of("file_url", file_url), **kwargs}
        return File._from(self.api.post_request("files/import", body=body, **_extras(kwargs)), self)

    def list_files(
        self,
        project_name: str,
        *,
        metadata: Mapping[str, Any] | str | None = None,
        limit: int | None = None,
    ) -> Generator[File, None, None]:
        """Iterate over the files of a project ("Get Assets").

        Experimental: Scale's documentation describes neither the path nor the response.

        Args:
            project_name: The project's name.
            metadata: Only files with this metadata.
            limit: Number of files per page, 1 to 100.
        """
        if isinstance(metadata, Mapping):
            metadata = json_text("metadata", dict(metadata))
        query = {
            "project": text_of("project_name", project_name),
            "metadata": text_of("metadata", metadata) if is_given(metadata) else None,
            "limit": page_size_of("limit", limit) if is_given(limit) else None,
        }

        def fetch(cursor: str | None) -> tuple[list[File], str | None]:
            at = {**query, "next_token": cursor}
            page = check_object(self.api.get_request("files", params=at), "docs")
            following = page.get("next_token") or page.get("cursor")
            try:
                if not isinstance(following, (str, type(None))):
                    raise bad_response(page, "a page whose 'next_token' is a string")
                files = File._list_from(page, self, "docs")
            except ScaleBadResponse:
                del page  # it may repeat a secret
                raise
            return files, following if page.get("has_more", True) else None

        return iterate(fetch)


def _extras(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Make an upload idempotent if it has a reference id, as the service rejects duplicates."""
    return {"idempotent": True} if is_given(fields.get("reference_id")) else {}
