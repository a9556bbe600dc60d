"""Rubrics: criteria for a turn, and how its messages meet them."""

from __future__ import annotations

from .._fields import optional, required
from .._kinds import NUMBER, TEXT, WHOLE, list_of
from .._model import Model
from .annotations import Annotation

__all__ = ["CriterionDefinition", "CriterionEvaluation", "Rubric", "RubricEvaluation"]


class CriterionDefinition(Model):
    """A criterion."""

    id = required(TEXT, "The criterion's id.")
    criterion = required(TEXT, "What is asked for.")
    weight = optional(NUMBER, "How much it counts.")
    annotations = required(list_of(Annotation), "What was said about it.")


class Rubric(Model):
    """Criteria for a turn."""

    criteria_definitions = required(list_of(CriterionDefinition), "The criteria.")
    max_total_score = optional(WHOLE, "The best score there is.")


class CriterionEvaluation(Model):
    """How well a message meets a criterion."""

    criterion_definition_id = optional(TEXT, "The id of the criterion.")
    score = optional(NUMBER, "The score, before it is weighted.")
    annotations = optional(list_of(Annotation), "What was said about it.")


class RubricEvaluation(Model):
    """How well a message meets a rubric."""

    criteria_evaluations = optional(list_of(CriterionEvaluation), "How well each criterion.")
    annotations = optional(list_of(Annotation), "What was said about it.")
    total_score = optional(NUMBER, "The sum of the weighted scores.")
    percentage = optional(NUMBER, "How much that is of the largest sum possible.")
