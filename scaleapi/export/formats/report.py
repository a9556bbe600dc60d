"""What an export wrote, approximated and skipped."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["LISTED_TWICE", "NOT_COPIED", "Loss", "Report"]

#: Why a task is skipped that is in the output already.
LISTED_TWICE = "listed twice"

#: How the notes begin about images that could not be copied.
NOT_COPIED = "image not copied"

#: How many tasks or annotations of each kind of loss are named.
_EXAMPLES = 5


@dataclass(frozen=True)
class Loss:
    """Annotations of one geometry that were approximated or skipped for one reason.

    Attributes:
        geometry: The geometry, such as ``"ellipse"``; ``"mask"`` for a segment and ``"span"``
            for a named entity.
        reason: Why.
        count: How many there are.
        error: The largest distance in pixels between an outline and what stands for it. ``None``
            if the loss is not one of position.
        examples: Where the first of them are: the id of the task, and of the annotation.
    """

    geometry: str
    reason: str
    count: int
    error: float | None
    examples: tuple[str, ...]


class Report:
    """What became of each task and each annotation.

    An annotation is counted once: as written (nothing is lost), as approximated (it is in the
    output, but not exactly), or as skipped. An annotation of a video is counted per frame.

    Attributes:
        format: The format.
        tasks: How many tasks were read.
        images: How many images, or texts, the output has.
        written: The number of annotations written exactly, per geometry.
        skipped_tasks: The number of tasks that are not in the output, per reason.
        skipped_images: The number of images that are not in the output, per reason. Their
            annotations are skipped too.
        notes: The number of times per note, about what is not an annotation.
    """

    def __init__(self, format: str) -> None:
        self.format = format
        self.tasks = 0
        self.images = 0
        self.written: Counter[str] = Counter()
        self.skipped_tasks: Counter[str] = Counter()
        self.skipped_images: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()
        self._approximated: dict[tuple[str, str], Loss] = {}
        self._skipped: dict[tuple[str, str], Loss] = {}

    @property
    def losses(self) -> list[Loss]:
        """The annotations that were approximated, per geometry and reason."""
        return [*self._approximated.values()]

    @property
    def omissions(self) -> list[Loss]:
        """The annotations that were skipped, per geometry and reason."""
        return [*self._skipped.values()]

    @property
    def approximated(self) -> Counter[str]:
        """The number of annotations that were approximated, per geometry."""
        return _per_geometry(self._approximated)

    @property
    def skipped(self) -> Counter[str]:
        """The number of annotations that were skipped, per geometry."""
        return _per_geometry(self._skipped)

    @property
    def annotations(self) -> int:
        """The number of annotations that were read."""
        return sum((self.written + self.approximated + self.skipped).values())

    @property
    def is_incomplete(self) -> bool:
        """Whether a task, an image or the copy of an image is missing from the output."""
        return bool(
            self.skipped_images
            or self.skipped_tasks.keys() - {LISTED_TWICE}
            or any(note.startswith(NOT_COPIED) for note in self.notes)
        )

    def add(
        self, geometry: str, reason: str = "", error: float | None = None, where: str = ""
    ) -> None:
        """Count an annotation that is in the output.

        Args:
            geometry: Its geometry.
            reason: What was lost, empty if nothing.
            error: The largest distance in pixels from the original.
            where: The ids of its task and of itself.
        """
        if reason:
            _count(self._approximated, geometry, reason, error, where)
        else:
            self.written[geometry] += 1

    def skip(self, geometry: str, reason: str, where: str = "") -> None:
        """Count an annotation that is not in the output.

        Args:
            geometry: Its geometry.
            reason: Why.
            where: The ids of its task and of itself.
        """
        _count(self._skipped, geometry, reason, None, where)

    def as_dict(self) -> dict[str, object]:
        """Return the report as JSON."""
        return {
            "format": self.format,
            "tasks": self.tasks,
            "images": self.images,
            "annotations": self.annotations,
            "written": dict(self.written),
            "approximated": [asdict(loss) for loss in self.losses],
            "skipped": [asdict(loss) for loss in self.omissions],
            "skipped_tasks": dict(self.skipped_tasks),
            "skipped_images": dict(self.skipped_images),
            "notes": dict(self.notes),
        }

    def save(self, path: Path) -> None:
        """Write the report as a JSON file."""
        path.write_text(json.dumps(self.as_dict(), indent=2) + "\n", "utf-8")

    def __str__(self) -> str:
        lines = [f"{self.format}: {self.images} images, {self.annotations} annotations"]
        lines += [f"  written: {count} {name}" for name, count in sorted(self.written.items())]
        for loss in self.losses:
            off = "" if loss.error is None else f", by at most {loss.error:.3g} px"
            lines.append(f"  approximated: {loss.count} {loss.geometry}, {loss.reason}{off}")
        lines += [
            f"  skipped: {loss.count} {loss.geometry}, {loss.reason}" for loss in self.omissions
        ]
        for what, counts in (("tasks", self.skipped_tasks), ("images", self.skipped_images)):
            lines += [f"  skipped: {count} {what}, {reason}" for reason, count in counts.items()]
        lines += [f"  note: {count} {note}" for note, count in self.notes.items()]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return (
            f"Report(format={self.format!r}, images={self.images}, "
            f"written={sum(self.written.values())}, "
            f"approximated={sum(self.approximated.values())}, "
            f"skipped={sum(self.skipped.values())})"
        )


def _per_geometry(losses: dict[tuple[str, str], Loss]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for loss in losses.values():
        counts[loss.geometry] += loss.count
    return counts


def _count(
    losses: dict[tuple[str, str], Loss],
    geometry: str,
    reason: str,
    error: float | None,
    where: str,
) -> None:
    old = losses.get((geometry, reason))
    if old is None:
        old = Loss(geometry, reason, 0, error, ())
    errors = [one for one in (old.error, error) if one is not None]
    losses[geometry, reason] = Loss(
        geometry,
        reason,
        old.count + 1,
        max(errors, default=None),
        (*old.examples, where) if where and len(old.examples) < _EXAMPLES else old.examples,
    )
