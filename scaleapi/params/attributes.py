"""What labelers are to say about each annotation."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from .common import Labels

__all__ = ["Attribute", "AttributeConditions", "LabelCondition"]


class LabelCondition(TypedDict, total=False):
    """A condition on the label of an annotation."""

    label: str | list[str]
    """The label, or one of several. Source: documented."""


class AttributeConditions(TypedDict, total=False):
    """When an attribute is asked for."""

    label_condition: LabelCondition
    """What the label has to be. Source: documented."""

    attribute_conditions: list[dict[str, Any]]
    """What other attributes have to be: ``[{name: value}]``. Source: documented."""


class Attribute(TypedDict, total=False):
    """One attribute."""

    type: Literal["category", "number", "angle", "text", "x_line", "y_line", "linked"]
    """What its value is. Default: ``"category"``. Source: documented."""

    description: str
    """What labelers are told about it. Source: documented."""

    choices: Labels
    """The values to choose from; required for the type ``category``. Source: documented."""

    allow_multiple: bool
    """Whether several choices may be made. Default: ``False``. Source: documented."""

    min: float
    """Least number. Source: documented."""

    max: float
    """Greatest number. Source: documented."""

    step: float
    """Distance between numbers. Default: 1. Source: documented."""

    conditions: AttributeConditions
    """When it is asked for. Default: always. Source: documented."""
