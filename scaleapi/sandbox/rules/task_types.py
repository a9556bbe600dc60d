"""Task types: their required parameters and defaults."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.documents import JsonObject, is_array, is_object
from ..base.errors import bad_request, not_found
from ..base.validation import integer, invalid, number
from .geometry_parameters import check_attributes, check_choices, check_geometries
from .text_fields import check_fields

ATTACHMENT_TYPES = ("image", "video", "text", "audio", "website", "pdf", "json")
_SCHEMES = ("http", "https", "s3", "gs", "azure", "scaledata")
_URL = re.compile(rf"({'|'.join(_SCHEMES)})://.", re.IGNORECASE)
_NO_DEFAULTS: Mapping[str, Any] = MappingProxyType({})


class TaskType(NamedTuple):
    """Requirements of one task type.

    Attributes:
        required: Required parameters; a tuple of names requires at least one of them.
        defaults: Default values of optional parameters.
    """

    required: tuple[str | tuple[str, ...], ...] = ()
    defaults: Mapping[str, Any] = _NO_DEFAULTS


_ANY_ATTACHMENT = ("attachment", "attachments")
_IMAGE = {"attachment_type": "image"}
_OBJECTS: JsonObject = {"attachment_type": "image", "with_labels": False, "examples": []}
_LEGACY = ("attachment", "objects_to_annotate")
_VIDEO = TaskType((_ANY_ATTACHMENT, "geometries"))
_LIDAR = {"attachment_type": "json"}
_DOCUMENT = TaskType((_ANY_ATTACHMENT, "features"))
_OPEN = TaskType()

TASK_TYPES: Mapping[str, TaskType] = {
    "annotation": TaskType(_LEGACY, {**_OBJECTS, "min_width": 0, "min_height": 0}),
    "audiotranscription": TaskType(
        ("attachment",), {"attachment_type": "audio", "verbatim": False, "phrases": []}
    ),
    "categorization": TaskType(
        ("attachment", "attachment_type", "categories"), {"allow_multiple": False}
    ),
    "chat": _OPEN,
    "chatexperimental": _OPEN,
    "chatlite": _OPEN,
    "comparison": TaskType(("attachments", "attachment_type", ("choices", "fields"))),
    "cuboidannotation": TaskType(
        _LEGACY,
        {
            "attachment_type": "image",
            "with_labels": True,
            "min_annotations": 0,
            "max_annotations": 0,
        },
    ),
    "datacollection": TaskType(("fields",)),
    "documentmodel": _DOCUMENT,
    "documenttranscription": _DOCUMENT,
    "federal2dvideoannotation": _OPEN,
    "imageannotation": TaskType(("attachment", "geometries"), _IMAGE),
    "laneannotation": _OPEN,
    "lidarannotation": TaskType(("attachments", "labels"), _LIDAR),
    "lidarlinking": _OPEN,
    "lidarsegmentation": TaskType((("attachments", "lidar_task"), "labels"), _LIDAR),
    "lidartopdown": _OPEN,
    "lineannotation": TaskType(_LEGACY, {**_OBJECTS, "splines": False}),
    "multichat": _OPEN,
    "multistage": _OPEN,
    "namedentityrecognition": TaskType(("labels", "text")),
    "pointannotation": TaskType(_LEGACY, _OBJECTS),
    "polygonannotation": TaskType(_LEGACY, _OBJECTS),
    "segmentannotation": TaskType(
        ("attachment", "labels"), {**_IMAGE, "allow_unlabeled": False, "allow_parent_labels": False}
    ),
    "sensorfusion": _OPEN,
    "textcollection": TaskType(
        (("attachments", "template_variables"), "fields"), {"responses_required": 1}
    ),
    "transcription": TaskType(("attachment", "attachment_type", ("fields", "repeatable_fields"))),
    "videoannotation": _VIDEO,
    "videoboxannotation": _VIDEO,
    "videocuboidannotation": _VIDEO,
    "videoplaybackannotation": TaskType(_VIDEO.required, {"frame_rate": 1}),
}

ALIASES = {"categorize": "categorization"}
"""Alternative names in paths."""

GENERATIVE_TYPES = ("chat", "chatexperimental", "chatlite", "multichat", "multistage")
"""Types of conversations. The v2 API shows projects, batches and tasks of these types only."""


def known_type(name: str) -> str | None:
    """Return the canonical name of a task type, or None if there is no such type."""
    name = ALIASES.get(name, name)
    return name if name in TASK_TYPES else None


def require_type(name: str) -> str:
    """Return the canonical name of a task type from a path; raise 404 if there is no such type."""
    known = known_type(name)
    if known is None:
        raise not_found(f'There is no task type "{name}".')
    return known


def known_parameters(type_name: str) -> list[str]:
    """Return the parameters of a task type that are known; a task may have others."""
    task_type = TASK_TYPES[type_name]
    required = (name if isinstance(name, tuple) else (name,) for name in task_type.required)
    return [*_CHECKS, *task_type.defaults, *itertools.chain.from_iterable(required)]


def check_parameters(type_name: str, given: JsonObject) -> JsonObject:
    """Return the validated parameters of a new task with numbers converted and defaults filled in.

    Raises:
        Refusal: If one is missing or invalid (400).
    """
    task_type = TASK_TYPES[type_name]
    params = {**task_type.defaults, **given}
    for requirement in task_type.required:
        _check_given(params, requirement)
    for name, value in params.items():
        if value is not None and name in _CHECKS:
            params[name] = _CHECKS[name](value, name)
    if type_name == "textcollection":
        check_fields(params["fields"])
    elif params.get("fields") is not None:
        _object(params["fields"], "fields")
    if params.get("attachment") is not None and params.get("attachment_type") != "text":
        _check_url(params["attachment"], "attachment")
    if type_name == "segmentannotation" and len(params["labels"]) > 50:
        raise invalid("labels", "must not have more than 50 entries")
    return params


def _check_given(params: JsonObject, requirement: str | tuple[str, ...]) -> None:
    names = (requirement,) if isinstance(requirement, str) else requirement
    if any(params.get(name) not in (None, "", [], {}) for name in names):
        return
    if names == _ANY_ATTACHMENT:
        raise bad_request("Please include an attachment or attachments parameter.")
    raise bad_request(f'Parameter is invalid, reason: "{" or ".join(names)}" is required')


def _check_url(value: str, name: str) -> None:
    if not _URL.match(value):
        raise invalid(name, f"must be a URL of one of the schemes {', '.join(_SCHEMES)}")


def _attachments(value: object, name: str) -> object:
    if not is_array(value):
        raise invalid(name, "must be an array")
    for entry in value:
        # Attachments of text collection may be objects or plain text.
        if not (isinstance(entry, str) or is_object(entry)):
            raise invalid(name, "must be an array of URLs or of objects")
        if is_object(entry) and not isinstance(entry.get("type"), str):
            raise invalid(name, 'must name the "type" of each object')
    return value


def _attachment_type(value: object, name: str) -> object:
    if value not in ATTACHMENT_TYPES:
        raise invalid(name, f"must be one of: {', '.join(ATTACHMENT_TYPES)}")
    return value


def _text(value: object, name: str) -> object:
    if not isinstance(value, str):
        raise invalid(name, "must be a string")
    return value


def _flag(value: object, name: str) -> object:
    if not isinstance(value, bool):
        raise invalid(name, "must be true or false")
    return value


def _array(value: object, name: str) -> object:
    if not is_array(value):
        raise invalid(name, "must be an array")
    return value


def _object(value: object, name: str) -> object:
    if not is_object(value):
        raise invalid(name, "must be an object")
    return value


def _not_negative(value: object, name: str) -> object:
    return integer(value, name, low=0)


_CHECKS: Mapping[str, Callable[[object, str], object]] = {
    "allow_multiple": _flag,
    "allow_parent_labels": _flag,
    "allow_unlabeled": _flag,
    "annotation_attributes": check_attributes,
    "attachment": _text,
    "attachment_type": _attachment_type,
    "attachments": _attachments,
    "categories": check_choices,
    "category_ids": _object,
    "choices": _array,
    "context_attachments": _array,
    "events_to_annotate": _array,
    "features": _array,
    "frame_rate": number,
    "geometries": check_geometries,
    "labels": check_choices,
    "max_annotations": _not_negative,
    "min_annotations": _not_negative,
    "min_height": _not_negative,
    "min_width": _not_negative,
    "objects_to_annotate": check_choices,
    "padding": _not_negative,
    "paddingX": _not_negative,
    "paddingY": _not_negative,
    "repeatable_fields": _object,
    "responses_required": lambda value, name: integer(value, name, 1, 100),
    "splines": _flag,
    "text": _text,
    "verbatim": _flag,
    "with_labels": _flag,
}
