"""Twenty mistakes that a new user could make, as data: the checkers and a service judge them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["MISTAKES", "SOUND", "Mistake"]


class Mistake(NamedTuple):
    """One mistake.

    Attributes:
        what: What is wrong.
        kind: ``name``, ``nesting``, ``missing``, ``enum`` or ``value``.
        member: The task type: a member of the enum.
        arguments: The arguments of the call, as source.
    """

    what: str
    kind: str
    member: str
    arguments: str


IMAGE = 'attachment="https://example.com/a.jpg"'
BOX = 'geometries={"box": {"objects_to_annotate": ["parcel"]}}'
FORM = 'attachments=[{"type": "text", "content": "a"}]'

MISTAKES = [
    Mistake("required name: attachement", "name", "ImageAnnotation", f"attachement='x', {BOX}"),
    Mistake("required name: geometry", "name", "ImageAnnotation", f"{IMAGE}, geometry={{}}"),
    Mistake("optional name: uniqueid", "name", "ImageAnnotation", f"{IMAGE}, {BOX}, uniqueid='a'"),
    Mistake("optional name: callback", "name", "ImageAnnotation", f"{IMAGE}, {BOX}, callback='a'"),
    Mistake("optional name: projct", "name", "ImageAnnotation", f"{IMAGE}, {BOX}, projct='a'"),
    Mistake(
        "another call's: batch_name", "name", "ImageAnnotation", f"{IMAGE}, {BOX}, batch_name='a'"
    ),
    Mistake("optional name: tag", "name", "ImageAnnotation", f"{IMAGE}, {BOX}, tag=['a']"),
    Mistake(
        "optional name: meta_data", "name", "ImageAnnotation", f"{IMAGE}, {BOX}, meta_data={{}}"
    ),
    Mistake(
        "nested name: object_to_annotate",
        "name",
        "ImageAnnotation",
        f'{IMAGE}, geometries={{"box": {{"object_to_annotate": ["a"]}}}}',
    ),
    Mistake(
        "nested name: feild_id",
        "name",
        "TextCollection",
        f'{FORM}, fields=[{{"type": "text", "feild_id": "a"}}]',
    ),
    Mistake(
        "labels directly in geometries",
        "nesting",
        "ImageAnnotation",
        f'{IMAGE}, geometries={{"objects_to_annotate": ["a"]}}',
    ),
    Mistake(
        "attributes inside of geometries",
        "nesting",
        "ImageAnnotation",
        f'{IMAGE}, geometries={{"box": {{"objects_to_annotate": ["a"],'
        ' "annotation_attributes": {}}}',
    ),
    Mistake("all inside of params", "nesting", "ImageAnnotation", f"params=dict({IMAGE}, {BOX})"),
    Mistake("no geometries", "missing", "ImageAnnotation", IMAGE),
    Mistake("no text", "missing", "NamedEntityRecognition", 'labels=["person"]'),
    Mistake(
        "attachment_type: picture",
        "enum",
        "Categorization",
        f'{IMAGE}, attachment_type="picture", categories=["a"]',
    ),
    Mistake("priority: 15", "enum", "ImageAnnotation", f"{IMAGE}, {BOX}, priority=15"),
    Mistake(
        "attribute of type colour",
        "enum",
        "ImageAnnotation",
        f'{IMAGE}, {BOX}, annotation_attributes={{"a": {{"type": "colour"}}}}',
    ),
    Mistake(
        "one label instead of a list",
        "value",
        "ImageAnnotation",
        f'{IMAGE}, geometries={{"box": {{"objects_to_annotate": "parcel"}}}}',
    ),
    Mistake("a list of frames as one text", "value", "VideoAnnotation", f'attachments="x", {BOX}'),
]

#: Without a mistake, in the ways in which people build parameters.
SOUND = """
from typing import Any, cast

from scaleapi import ScaleClient, TaskType
from scaleapi.params import (
    Attribute, Box, CategorizationParams, Geometries, ImageAnnotationParams,
    LidarAnnotationParams, PartialImageAnnotationParams, TextCollectionParams,
)
from scaleapi.responses import ImageAnnotationResponse

client = ScaleClient("key")
names = ["parcel", "pallet"]
box: Box = {"objects_to_annotate": names, "min_width": 10}
geometries = Geometries(box=box, polygon={"objects_to_annotate": names})
geometries["line"] = {"objects_to_annotate": ["tape", {"choice": "rope", "subchoices": ["a"]}]}
attributes: dict[str, Attribute] = {"damaged": {"choices": ["yes", "no"]}}
params = ImageAnnotationParams(
    attachment="x", geometries=geometries, annotation_attributes=attributes, priority=10,
    metadata={"a": 1}, tags=["b"], hypothesis={"annotations": [
        {"type": "box", "label": "a", "left": 1, "top": 2.5, "width": 3, "height": 4}]},
)
task = client.create_task(TaskType.ImageAnnotation, **params)
client.create_task("imageannotation", **params, some_new_parameter=1)
client.create_task("some_new_type", anything=1)
common = PartialImageAnnotationParams(geometries=geometries, instruction="x")
client.create_project("p", TaskType.ImageAnnotation, params=common)
client.update_project("p", patch=True, **common)
client.create_evaluation_task(
    TaskType.ImageAnnotation, expected_response={"annotations": []}, **params
)
client.create_task(TaskType.LidarAnnotation, **LidarAnnotationParams(
    attachments=["x"], labels=["a", {"choice": "b"}]))
client.create_task(TaskType.Categorization, **CategorizationParams(
    attachment="x", attachment_type="text", categories=names))
client.create_task(TaskType.TextCollection, **TextCollectionParams(
    attachments=[{"type": "text", "content": "x"}],
    fields=[{"type": "category", "field_id": "a", "choices": [{"label": "a", "value": 1}]}]))
response = cast(ImageAnnotationResponse, task.response)
for annotation in response["annotations"]:
    if annotation.get("type") == "box":
        print(annotation["label"])
size: tuple[int, int] | None = task.image_size
urls: list[str] = task.attachment_urls
found: list[Any] = task.annotations
own: str = task.own_instruction
"""
