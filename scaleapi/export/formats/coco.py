"""COCO: one JSON file of images, annotations and categories (https://cocodataset.org)."""

from __future__ import annotations

from math import degrees
from pathlib import Path

from ..._http.response import JSONObject
from .categories import Categories
from .json_text import to_json
from .masks import Runs
from .planes import area_of
from .records import Label, LabeledImage, Mask
from .report import Report
from .shapes import Shape, rectangle_of

__all__ = ["CocoWriter"]

FILE = "annotations.json"

#: Keys of an annotation that are its geometry, or are written under another name.
_KNOWN = frozenset(
    {"type", "geometry", "label", "left", "top", "width", "height", "rotation", "vertices"}
    | {"edges", "x", "y", "attributes", "id", "image_id", "category_id", "bbox", "area"}
    | {"iscrowd", "segmentation", "keypoints", "num_keypoints", "track_id"}
)


class CocoWriter:
    """Writes ``annotations.json``. Nothing is kept in memory but the categories.

    Args:
        folder: The folder to write to.
        categories: The categories, complete at the end.
        report: Counts what is written.
    """

    images = "images"

    def __init__(self, folder: Path, categories: Categories, report: Report) -> None:
        self._categories, self._report = categories, report
        self._points: set[int] = set()
        self._images = self._annotations = 0
        self._videos: dict[str, int] = {}
        self._tracks: dict[tuple[str, object], int] = {}
        # The images are as many as the annotations, so they wait in a file of their own.
        self._waiting_path = folder / "images.part"
        self._waiting = self._waiting_path.open("w", encoding="ascii")
        self._file = (folder / FILE).open("w", encoding="ascii")
        self._file.write('{"info":{"description":"Exported from Scale"},"annotations":[')

    def write(self, image: LabeledImage) -> None:
        """Write an image and its annotations."""
        self._images += 1
        self._waiting.write(("," if self._images > 1 else "") + "\n" + to_json(self._image(image)))
        found = [self._shape(label, image) for label in image.labels]
        found += [self._mask(mask, image) for mask in image.masks]
        records = [record for record in found if record is not None]
        if records:
            for number, record in enumerate(records, self._annotations + 1):
                record |= {"id": number, "image_id": self._images}
            separator = "," if self._annotations else ""
            # One call for all of them is faster than one each.
            self._file.write(f"{separator}\n{to_json(records)[1:-1]}")
            self._annotations += len(records)

    def finish(self) -> None:
        """Write the images and the categories."""
        self._waiting.close()
        self._file.write('\n],"images":[')
        with self._waiting_path.open(encoding="ascii") as waiting:
            while part := waiting.read(1 << 20):
                self._file.write(part)
        categories = [self._category(one.id, one.name, one.parent) for one in self._categories]
        self._file.write(f'\n],"categories":{to_json(categories)}')
        if self._videos:
            videos = [{"id": number, "name": name} for name, number in self._videos.items()]
            self._file.write(f',"videos":{to_json(videos)}')
        self._file.write("}\n")
        self._file.close()
        self._waiting_path.unlink()

    def close(self) -> None:
        """Close the files, finished or not."""
        try:
            self._waiting.close()
        finally:  # on a full disk, neither can be closed without an error
            self._file.close()

    def _category(self, number: int, name: str, parent: str | None) -> JSONObject:
        category: JSONObject = {"id": number, "name": name, "supercategory": parent or ""}
        if number in self._points:
            category |= {"keypoints": ["point"], "skeleton": []}
        return category

    def _image(self, image: LabeledImage) -> JSONObject:
        record: JSONObject = {
            "id": self._images,
            "file_name": image.name,
            "width": image.width,
            "height": image.height,
        }
        task = image.task
        record |= {key: task[key] for key in ("task_id", "unique_id") if task.get(key)}
        response = task.get("response")
        if isinstance(response, dict):
            extras = ("links", "global_attributes")
            record |= {key: response[key] for key in extras if response.get(key)}
        if image.frame is not None:
            video = str(task.get("task_id"))
            record["video_id"] = self._videos.setdefault(video, len(self._videos) + 1)
            record["frame_id"] = image.frame
        return record

    def _shape(self, label: Label, image: LabeledImage) -> JSONObject | None:
        shape, annotation = label.shape, label.annotation
        if shape.geometry == "line":
            self._report.skip("line", "COCO has no lines", label.where)
            return None
        record: JSONObject = {"category_id": label.category.id, "iscrowd": 0}
        attributes = dict(label.attributes)
        reason, error = (
            ("interpolated between keyframes", None) if label.is_interpolated else ("", None)
        )
        if shape.geometry == "box":
            record |= self._box(shape, annotation)
        elif shape.geometry == "point":
            self._points.add(label.category.id)
            x, y = shape.points[0]
            record |= {"bbox": [x, y, 0, 0], "area": 0, "segmentation": []}
            record |= {"keypoints": [x, y, 2], "num_keypoints": 1}
        else:
            outline = shape.outline()
            frame = shape.bounds()
            record["bbox"] = [frame.left, frame.top, frame.width, frame.height]
            record["area"] = area_of(outline.points)
            record["segmentation"] = [[value for point in outline.points for value in point]]
            reason, error = outline.reason or reason, outline.error
        if shape.geometry == "rotated box":
            angle = degrees(rectangle_of(shape.points)[0].rotation)
            record["rotation"] = angle
            attributes.setdefault("rotation", angle)
        if shape.geometry == "cuboid":
            attributes.setdefault("cuboid", annotation["vertices"])
        record["attributes"] = attributes
        if image.frame is not None:
            key = str(image.task.get("task_id")), annotation.get("uuid")
            if isinstance(key[1], str):
                record["track_id"] = self._tracks.setdefault(key, len(self._tracks) + 1)
        record |= {key: value for key, value in annotation.items() if key not in _KNOWN}
        self._report.add(shape.geometry, reason, error, label.where)
        return record

    @staticmethod
    def _box(shape: Shape, annotation: JSONObject) -> JSONObject:
        if annotation.get("vertices") is None:
            left, top = annotation["left"], annotation["top"]
            width, height = annotation["width"], annotation["height"]
        else:
            left, top, width, height = (
                (frame := shape.bounds()).left,
                frame.top,
                frame.width,
                frame.height,
            )
        return {"bbox": [left, top, width, height], "area": width * height, "segmentation": []}

    def _mask(self, mask: Mask, image: LabeledImage) -> JSONObject | None:
        runs = image.pixels.columns.get(mask.segment.number) if image.pixels else None
        if not runs:
            self._report.skip("mask", "no pixel of the mask has its index", mask.where)
            return None
        self._report.add("mask")
        attributes = mask.segment.fields.get("attributes")
        return {
            "category_id": mask.category.id,
            # A crowd is what training leaves out; holes and several parts do not make one.
            "iscrowd": 0,
            "bbox": bounds_of_runs(runs, image.height),
            "area": sum(length for _, length in runs),
            "segmentation": {"size": [image.height, image.width], "counts": rle(runs, image)},
            "attributes": attributes if isinstance(attributes, dict) else {},
        }


def bounds_of_runs(runs: Runs, height: int) -> list[int]:
    """Return left, top, width and height of runs along columns."""
    left, right = runs[0][0] // height, (runs[-1][0] + runs[-1][1] - 1) // height
    top, bottom = height, 0
    for start, length in runs:
        first = start % height
        last = first + length - 1
        if last >= height:  # on into the next column
            top, bottom = 0, height - 1
            break
        top, bottom = min(top, first), max(bottom, last)
    return [left, top, right - left + 1, bottom - top + 1]


def rle(runs: Runs, image: LabeledImage) -> str:
    """Return runs along columns as a compressed RLE, in the alphabet of pycocotools.

    The lengths of gaps and runs follow each other. From the fourth on, each is written as the
    difference from the one two before, in groups of five bits, the lowest first; a sixth bit
    tells that more follow.
    """
    counts, end = [], 0
    for start, length in runs:
        counts += [start - end, length]
        end = start + length
    if end < image.width * image.height:
        counts.append(image.width * image.height - end)
    text = bytearray()
    for place, count in enumerate(counts):
        value = count - counts[place - 2] if place > 2 else count
        more = True
        while more:
            bits = value & 0x1F
            value >>= 5
            more = value != (-1 if bits & 0x10 else 0)
            text.append(48 + bits + (0x20 if more else 0))
    return text.decode("ascii")
