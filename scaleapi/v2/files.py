"""Files in conversations and annotations."""

from __future__ import annotations

from .._fields import optional
from .._http.response import JSONObject
from .._kinds import NUMBER, TEXT, WHOLE
from .._model import Model

__all__ = ["AudioFile", "BasicFile", "DetailedFile", "ImageFile"]


class DetailedFile(Model):
    """A file: a :class:`BasicFile`, :class:`ImageFile` or :class:`AudioFile`.

    The service does not say which. A key that only one of them has decides, then the MIME type.
    """

    mime_type = optional(TEXT, "The MIME type.")
    scale_url = optional(TEXT, "Where it is at Scale, ``scaledata://...``.")
    url = optional(TEXT, "Where it can be fetched.")

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

    content = optional(TEXT, "The file itself, in base64.")
    name = optional(TEXT, "Its name.")


class ImageFile(DetailedFile):
    """An image."""

    name = optional(TEXT, "Its name.")
    file_size_in_bytes = optional(WHOLE, "Its size in bytes.")


class AudioFile(DetailedFile):
    """A recording."""

    duration = optional(NUMBER, "How long it is, in seconds.")
    transcript = optional(TEXT, "What is said in it.")
    transcript_url = optional(TEXT, "Where the transcript can be fetched.")
    transcript_start = optional(NUMBER, "Where the transcript begins, in seconds.")
    transcript_end = optional(NUMBER, "Where the transcript ends, in seconds.")
