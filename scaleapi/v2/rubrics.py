"""Rubrics: criteria for the messages of a turn, and evaluations by them."""

from __future__ import annotations

from .._model.fields import optional, required
from .._model.kinds import NUMBER, TEXT, WHOLE, list_of
from .._model.objects import Model
from .annotations import Annotation

__all__ = ["CriterionDefinition", "CriterionEvaluation", "Rubric", "RubricEvaluation"]


class CriterionDefinition(Model):
    """A criterion."""

    id = required(TEXT, "The criterion's id.")
    criterion = required(TEXT, "The text of the criterion.")
    weight = optional(NUMBER, "The weight.")
    annotations = required(list_of(Annotation), "Annotations.")


class Rubric(Model):
    """Criteria for the messages of a turn."""

    criteria_definitions = required(list_of(CriterionDefinition), "The criteria.")
    max_total_score = optional(WHOLE, "The highest possible score.")


class CriterionEvaluation(Model):
    """An evaluation of a message by one criterion."""

    criterion_definition_id = optional(TEXT, "The id of the criterion.")
    score = optional(NUMBER, "The score before weighting.")
    annotations = optional(list_of(Annotation), "Annotations.")


class RubricEvaluation(Model):
    """An evaluation of a message by a rubric."""

    criteria_evaluations = optional(
        list_of(CriterionEvaluation), "The evaluations by each criterion."
    )
    annotations = optional(list_of(Annotation), "Annotations.")
    total_score = optional(NUMBER, "The sum of the weighted scores.")
    percentage = optional(NUMBER, "The total score in percent of the highest possible score.")
