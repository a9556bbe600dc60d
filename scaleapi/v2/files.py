"""Files in conversations and annotations."""

from __future__ import annotations

from .._http.response import JSONObject
from .._model.fields import optional
from .._model.kinds import NUMBER, TEXT, WHOLE
from .._model.objects import Model

__all__ = ["AudioFile", "BasicFile", "DetailedFile", "ImageFile"]


class DetailedFile(Model):
    """A file: a :class:`BasicFile`, :class:`ImageFile` or :class:`AudioFile`.

    The service does not send the kind. It follows from keys that only one of them has, else from
    the MIME type.
    """

    mime_type = optional(TEXT, "The MIME type.")
    scale_url = optional(TEXT, "The file's address at Scale, ``scaledata://...``.")
    url = optional(TEXT, "The URL to download it from.")

    @classmethod
    def _variant(cls, json: JSONObject) -> type[DetailedFile]:
        if cls is not DetailedFile:
            return cls
        mime_type = str(json.get("mime_type"))
        if "content" in json:
            return BasicFile
        if "file_size_in_bytes" in json:
            return ImageFile
        if "duration" in json or any(key.startswith("transcript") for key in json):
            return AudioFile
        kinds = {"image": ImageFile, "audio": AudioFile}
        return kinds.get(mime_type.partition("/")[0].lower(), BasicFile)


class BasicFile(DetailedFile):
    """A file of any kind."""

    content = optional(TEXT, "The file in base64.")
    name = optional(TEXT, "Its name.")


class ImageFile(DetailedFile):
    """An image."""

    name = optional(TEXT, "Its name.")
    file_size_in_bytes = optional(WHOLE, "The size in bytes.")


class AudioFile(DetailedFile):
    """A recording."""

    duration = optional(NUMBER, "The duration in seconds.")
    transcript = optional(TEXT, "The transcript.")
    transcript_url = optional(TEXT, "The URL to download the transcript from.")
    transcript_start = optional(NUMBER, "The start of the transcript, in seconds.")
    transcript_end = optional(NUMBER, "The end of the transcript, in seconds.")
