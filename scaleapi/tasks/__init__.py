"""Tasks: one piece of work for a person to label."""

from .._enums import TaskReviewStatus, TaskStatus, TaskType
from .methods import TaskMethods
from .task import Task

__all__ = ["Task", "TaskMethods", "TaskReviewStatus", "TaskStatus", "TaskType"]
