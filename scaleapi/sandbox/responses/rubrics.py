"""Rubrics: weighted criteria, and ratings of messages by them."""

from __future__ import annotations

from ..base.documents import JsonObject
from .annotator import Annotator

_CRITERIA = (("The answer is correct.", 3), ("The answer is brief.", 2))
_BEST = 5
_TOTAL = _BEST * sum(weight for _, weight in _CRITERIA)


class Rubric:
    """The rubric of a turn, both as annotations and as a separate object.

    Args:
        annotator: Creates the annotations.
        turn_id: The turn.

    Attributes:
        annotations: The annotations of the turn.
    """

    def __init__(self, annotator: Annotator, turn_id: str) -> None:
        self._annotator = annotator
        self._ids = [f"{turn_id}_criterion_{number}" for number in range(1, len(_CRITERIA) + 1)]
        self.annotations = [annotator.criterion(*criterion) for criterion in _CRITERIA]

    def as_json(self) -> JsonObject:
        """Return the criteria and the maximum score."""
        definitions = [
            {
                "id": identity,
                "criterion": text,
                "weight": weight,
                "annotations": [self._annotator.remark("Weighted by the team.")],
            }
            for identity, (text, weight) in zip(self._ids, _CRITERIA, strict=True)
        ]
        return {"criteria_definitions": definitions, "max_total_score": _TOTAL}

    def rate(self) -> tuple[list[JsonObject], JsonObject]:
        """Rate one message.

        Returns:
            Its ratings as annotations, and the same as an evaluation.
        """
        scores = [self._annotator.random.randint(0, _BEST) for _ in _CRITERIA]
        first, *rest = self.annotations
        # A rating may name its criterion by id or contain it.
        criteria: list[object] = [first["id"], *rest]
        ratings = [
            self._annotator.rating(criterion, score)
            for criterion, score in zip(criteria, scores, strict=True)
        ]
        total = sum(score * weight for score, (_, weight) in zip(scores, _CRITERIA, strict=True))
        evaluation: JsonObject = {
            "criteria_evaluations": [
                {
                    "criterion_definition_id": identity,
                    "score": score,
                    "annotations": [self._annotator.remark(f"{score} of {_BEST}.")],
                }
                for identity, score in zip(self._ids, scores, strict=True)
            ],
            "annotations": [],
            "total_score": total,
            "percentage": 100 * total / _TOTAL,
        }
        return ratings, evaluation
