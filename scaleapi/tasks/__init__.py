"""Tasks: units of work for annotators."""

from .._enums import TaskReviewStatus, TaskStatus, TaskType
from .methods import TaskMethods
from .task import Task

__all__ = ["Task", "TaskMethods", "TaskReviewStatus", "TaskStatus", "TaskType"]
