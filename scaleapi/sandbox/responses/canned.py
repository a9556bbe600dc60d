"""Canned responses, by task type.

The same task always gets the same response: its id is the seed of everything random.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..base.documents import JsonObject
from ..base.errors import Refusal
from ..rules.task_types import check_parameters
from . import drawings, legacy, lidar, texts
from .context import ResponseContext, SizeOf, StoreFile
from .segmentation import segmentation

_Response = Callable[[JsonObject, ResponseContext], "JsonObject | None"]


def canned_response(task: JsonObject, size_of: SizeOf, store_file: StoreFile) -> JsonObject | None:
    """Return the canned response of a task.

    Args:
        task: The task.
        size_of: Returns the size of the image at an attachment URL, if it is known.
        store_file: Stores a file that the response links to, and returns the link.

    Returns:
        The response, or None for a type that completes without one.
    """
    response = _RESPONSES.get(task["type"], _nothing_found)
    params = None if response is _nothing_found else _parameters(task)
    if params is None:
        response, params = _nothing_found, {}
    return response(params, ResponseContext(task["task_id"], size_of, store_file))


def _parameters(task: JsonObject) -> JsonObject | None:
    """Return the parameters of a task with all defaults, or None if they are invalid.

    A task stored by a seed may lack some, or have invalid ones.
    """
    given = {name: value for name, value in task["params"].items() if value is not None}
    try:
        return check_parameters(task["type"], given)
    except Refusal:
        return None


def _nothing_found(_params: JsonObject, _context: ResponseContext) -> JsonObject:
    return {"annotations": []}


def _nothing(_params: JsonObject, _context: ResponseContext) -> None:
    return None


_RESPONSES: Mapping[str, _Response] = {
    "annotation": legacy.box,
    "audiotranscription": texts.audio_transcription,
    "categorization": texts.categorization,
    "chat": texts.chat,
    "chatexperimental": texts.chat,
    "chatlite": texts.chat,
    "comparison": texts.comparison,
    "cuboidannotation": legacy.cuboid,
    "datacollection": texts.data_collection,
    "documentmodel": texts.document,
    "documenttranscription": texts.document,
    "imageannotation": drawings.image_annotation,
    "lidarannotation": lidar.lidar_annotation,
    "lidarlinking": lidar.lidar_linking,
    "lidarsegmentation": lidar.lidar_segmentation,
    "lineannotation": legacy.triangle,
    "multichat": texts.chat,
    "multistage": texts.chat,
    "namedentityrecognition": texts.entities,
    "pointannotation": _nothing,
    "polygonannotation": legacy.triangle,
    "segmentannotation": segmentation,
    "textcollection": texts.text_collection,
    "transcription": texts.transcription,
    "videoannotation": drawings.video_annotation,
    "videoboxannotation": drawings.video_annotation,
    "videocuboidannotation": drawings.video_annotation,
    "videoplaybackannotation": drawings.video_playback,
}
"""All other types return no annotations: their response format is not published."""
