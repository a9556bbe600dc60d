"""Annotations in the formats of training code, and back.

:meth:`scaleapi.ScaleClient.export_annotations` writes those of a project, and
:func:`write_annotations` those of tasks at hand. :func:`read_annotations` turns the predictions
of a model into annotations for new tasks.
"""

from __future__ import annotations

from ..annotations import FORMATS, write_annotations
from .prelabels import Prelabels, read_annotations
from .report import Loss, Report

__all__ = ["FORMATS", "Loss", "Prelabels", "Report", "read_annotations", "write_annotations"]
