"""Objects as the service sends them, one of each kind that has a card."""

from __future__ import annotations

from typing import Any

from scaleapi import (
    Batch,
    EvaluationTask,
    File,
    Project,
    StudioBatch,
    StudioLabelerAssignment,
    StudioProjectGroup,
    Task,
    TaskTemplate,
    Teammate,
    TrainingTask,
)
from scaleapi._model.objects import ApiObject
from scaleapi.studio import StudioWorker

__all__ = ["CONVERSATION", "IMAGE", "OBJECTS", "TASK", "make"]

IMAGE = "https://images.example.net/a17.jpg"
SIGNED = "https://storage.example.net/a17.jpg?X-Expires=3600&X-Signature=abc123"

ANNOTATIONS: list[dict[str, Any]] = [
    {
        "uuid": "3f0f6b0e-8f0b-4a51-9d53-1d2f3c4b5a69",
        "type": "box",
        "label": "parcel",
        "attributes": {"damaged": "No"},
        "left": 41,
        "top": 80.5,
        "width": 120,
        "height": 66,
    },
    {
        "uuid": "9a1c2d3e-0000-4111-8222-333344445555",
        "type": "polygon",
        "label": "label_area",
        "attributes": {},
        "vertices": [{"x": 10, "y": 12}, {"x": 60, "y": 14}, {"x": 58, "y": 44}],
    },
    {
        "uuid": "7b6a5948-0000-4111-8222-333344445556",
        "type": "line",
        "label": "tape",
        "attributes": {},
        "vertices": [{"x": 0, "y": 5}, {"x": 90, "y": 7}],
    },
    {
        "uuid": "5d4c3b2a-0000-4111-8222-333344445557",
        "type": "point",
        "label": "corner",
        "attributes": {},
        "x": 33,
        "y": 71,
    },
    {
        "uuid": "1e2d3c4b-0000-4111-8222-333344445558",
        "type": "ellipse",
        "label": "stamp",
        "attributes": {},
        "vertices": [
            {"x": 50, "y": 10},
            {"x": 80, "y": 25},
            {"x": 50, "y": 40},
            {"x": 20, "y": 25},
        ],
    },
]

TASK: dict[str, Any] = {
    "task_id": "65f0a1b2c3d4e5f60718293a",
    "created_at": "2024-03-12T18:40:02.511Z",
    "updated_at": "2024-03-12T19:01:40.000Z",
    "completed_at": "2024-03-12T19:01:40.000Z",
    "type": "imageannotation",
    "status": "completed",
    "instruction": "Box every parcel.\n\n**Tape** is a line.",
    "callback_url": "https://hooks.example.net/scale?token=hook_secret",
    "is_test": False,
    "urgency": "standard",
    "metadata": {"scan": "A-17"},
    "processed_attachments": [],
    "project": "parcel_boxes",
    "batch": "week_11",
    "priority": 0,
    "unique_id": "scan-A-17",
    "tags": ["pilot", "north"],
    "project_param_version": 2,
    "work_started": True,
    "customer_review_status": "accepted",
    "params": {
        "attachment": IMAGE,
        "attachment_type": "image",
        "with_labels": True,
        "geometries": {"box": {"objects_to_annotate": ["parcel"], "min_width": 10}},
    },
    "response": {
        "annotations": ANNOTATIONS,
        "links": [],
        "global_attributes": {},
        "is_customer_fix": False,
    },
    "attachmentS3Downloads": [
        {"attachmentURL": IMAGE, "s3URL": SIGNED, "isConvertedImage": False},
    ],
}

QUALITY_TASK: dict[str, Any] = {
    "id": "65f0a1b2c3d4e5f60718293b",
    "type": "imageannotation",
    "params": TASK["params"],
    "expected_response": TASK["response"],
    "initial_response": {"annotations": []},
}

OBJECTS: list[tuple[type[ApiObject], dict[str, Any]]] = [
    (Task, TASK),
    (
        Batch,
        {
            "name": "week_11",
            "project": "parcel_boxes",
            "status": "in_progress",
            "callback": "ops@example.net",
            "created_at": "2024-03-11T09:00:00.000Z",
            "metadata": {"camera": "north"},
        },
    ),
    (
        Project,
        {
            "type": "imageannotation",
            "name": "parcel_boxes",
            "created_at": "2024-03-01T08:00:00.000Z",
            "archived": False,
            "param_history": [
                {"version": 0, "created_at": "2024-03-01T08:00:00.000Z", "instruction": "Box"},
                {
                    "version": 1,
                    "created_at": "2024-03-04T08:00:00.000Z",
                    "instruction": "Box parcels tightly",
                    "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
                },
            ],
        },
    ),
    (
        TaskTemplate,
        {
            "id": "65f0a1b2c3d4e5f60718293c",
            "version": 3,
            "created_at": "2024-03-01T08:00:00.000Z",
            "updated_at": "2024-03-01T08:00:00.000Z",
            "template_variables": {"prompt": {"type": "text"}},
            "response_schema": None,
            "auto_onboard_enabled": True,
        },
    ),
    (
        File,
        {
            "id": "0b5c7f9e-2f63-4e0e-9a55-7d1f3f6f9f10",
            "attachment_url": "scaledata://65ee00aa11bb22cc33dd44ee/5a0e6f0c-1111-4222-8333-9444",
            "mime_type": "image/png",
            "size": 340714,
            "project_names": ["parcel_boxes"],
            "created_at": "2024-03-11T09:00:00.000Z",
        },
    ),
    (
        Teammate,
        {
            "email": "ada@example.net",
            "role": "labeler",
            "firstName": "Ada",
            "lastName": "Lovelace",
            "isStudioLabeler": True,
            "expiry": "2024-04-01T00:00:00.000Z",
        },
    ),
    (StudioWorker, {"id": "w1", "email": "ada@example.net"}),
    (
        StudioProjectGroup,
        {
            "id": "g1",
            "name": "early_shift",
            "numWorkers": 1,
            "isSingleton": False,
            "workers": [{"id": "w1", "email": "ada@example.net"}],
        },
    ),
    (
        StudioBatch,
        {
            "id": "b1",
            "name": "week_11",
            "projectId": "p1",
            "projectName": "parcel_boxes",
            "batchType": "Production",
            "studioPriority": 1,
            "total": 12,
            "completed": 9,
            "groups": ["early_shift"],
        },
    ),
    (StudioLabelerAssignment, {"email": "ada@example.net", "assigned_projects": ["parcel_boxes"]}),
    (EvaluationTask, QUALITY_TASK),
    (TrainingTask, QUALITY_TASK),
]

CONVERSATION: dict[str, Any] = {
    "task_id": "65f0a1b2c3d4e5f60718293d",
    "project": {"id": "project_1", "name": "assistant_quality"},
    "batch": "batch_1",
    "status": "completed",
    "created_at": "2025-01-02T10:00:00.000Z",
    "completed_at": "2025-01-02T11:30:00.000Z",
    "metadata": {"source": "pilot"},
    "threads": [
        {
            "id": "thread_1",
            "annotations": [{"key": "grade", "title": "Overall", "type": "integer", "value": 4}],
            "turns": [
                {
                    "id": "turn_1",
                    "annotations": [
                        {"key": "pick", "type": "ranked_choices", "value": ["model_b", "model_a"]}
                    ],
                    "messages": [
                        {
                            "role": "system",
                            "source_id": "system",
                            "content": {"text": "Answer shortly."},
                            "annotations": [],
                        },
                        {
                            "role": "user",
                            "source_id": "user",
                            "content": {
                                "text": "How heavy is a <parcel>?",
                                "attachments": [{"name": "parcel.png", "url": IMAGE}],
                            },
                            "annotations": [],
                        },
                        {
                            "role": "assistant",
                            "source_id": "model_a",
                            "content": {
                                "text": "About 3 kg.",
                                "reasoning": {"content": "Parcels of this size are light."},
                            },
                            "model_parameters": {"model": "a-1", "temperature": 0.5},
                            "annotations": [
                                {
                                    "key": "truth",
                                    "title": "Is it true?",
                                    "value": True,
                                    "justification": "The scales say so.",
                                }
                            ],
                        },
                    ],
                }
            ],
        }
    ],
}


def make(kind: type[Any], json: dict[str, Any], client: object = None) -> Any:
    """Return an object of the API."""
    if kind is StudioLabelerAssignment:
        return kind(json["assigned_projects"], json["email"], client)
    return kind(json, client)
